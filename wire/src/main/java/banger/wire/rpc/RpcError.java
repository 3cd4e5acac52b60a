package banger.wire.rpc;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A failed call, by JSON-RPC 2.0's error object; {@code data} carries what banger adds. */
@Json
public record RpcError(int code, String message, @Nullable Data data) {
    /** The stable name of the error, and the next command to try. */
    @Json
    public record Data(String error, @Nullable String hint) {}

    public static RpcError of(ErrorCode code, String message, @Nullable String hint) {
        return new RpcError(code.number(), message, new Data(code.wireName(), hint));
    }
}
