package banger.wire.rpc;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon sends: the outcome of the call {@code id} (a result or an error), or, where {@code method} is set, a
 * notification that belongs to a call still under way.
 */
@Json
public record Reply(
        String jsonrpc,
        @Nullable Long id,
        @Json.Raw @Nullable String result,
        @Nullable RpcError error,
        @Nullable String method,
        @Json.Raw @Nullable String params) {

    public static Reply ofResult(long id, String result) {
        return new Reply("2.0", id, result, null, null, null);
    }

    public static Reply ofError(@Nullable Long id, RpcError error) {
        return new Reply("2.0", id, null, error, null, null);
    }

    public static Reply notification(String method, String params) {
        return new Reply("2.0", null, null, null, method, params);
    }
}
