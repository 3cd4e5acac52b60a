package banger.wire.rpc;

import io.avaje.jsonb.Json;

/** An empty request or result: {@code {}}. */
@Json
public record Nothing() {}
