package banger.daemon.state;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;

/** Writes and reads the JSON columns. */
final class Json {
    private static final Jsonb JSONB = Jsonb.builder().build();

    static final JsonType<VmJson.Spec> SPEC = JSONB.type(VmJson.Spec.class);
    static final JsonType<VmJson.Process> PROCESS = JSONB.type(VmJson.Process.class);
    static final JsonType<ImageJson.Layers> LAYERS = JSONB.type(ImageJson.Layers.class);
    static final JsonType<ImageJson.Readiness> READINESS = JSONB.type(ImageJson.Readiness.class);
    static final JsonType<ImageJson.Profile> PROFILE = JSONB.type(ImageJson.Profile.class);
    static final JsonType<ImageJson.History> HISTORY = JSONB.type(ImageJson.History.class);
    static final JsonType<ImageJson.Packages> PACKAGES = JSONB.type(ImageJson.Packages.class);

    private Json() {}
}
