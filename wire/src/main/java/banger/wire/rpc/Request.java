package banger.wire.rpc;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A call: its params are JSON text of the method's request type. */
@Json
public record Request(
        String jsonrpc,
        long id,
        String method,
        @Json.Raw @Nullable String params) {}
