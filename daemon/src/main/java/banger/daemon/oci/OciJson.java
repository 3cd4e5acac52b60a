package banger.daemon.oci;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents of the OCI image specification, and docker's, as far as an import reads them. */
final class OciJson {
    private static final Jsonb JSONB = Jsonb.builder().build();
    static final JsonType<Document> DOCUMENT = JSONB.type(Document.class);
    static final JsonType<Config> CONFIG = JSONB.type(Config.class);
    static final JsonType<List<DockerImage>> DOCKER_IMAGES =
            JSONB.type(DockerImage.class).list();

    private OciJson() {}

    @Json
    record Platform(@Nullable String architecture, @Nullable String os) {}

    @Json
    record Descriptor(
            @Nullable String mediaType,
            @Nullable String digest,
            long size,
            @Nullable Platform platform) {}

    /** An image manifest or an image index, which tell themselves apart by what they list. */
    @Json
    record Document(
            @Nullable Descriptor config,
            @Nullable List<Descriptor> layers,
            @Nullable List<Descriptor> manifests) {}

    @Json
    record Config(
            @Nullable String architecture,
            @Nullable String os,
            @Nullable Run config,
            @Nullable Rootfs rootfs) {}

    @Json
    record Rootfs(@Json.Property("diff_ids") @Nullable List<String> diffIds) {}

    /** What a container engine would run. */
    @Json
    record Run(
            @Json.Property("User") @Nullable String user,
            @Json.Property("Env") @Nullable List<String> env,
            @Json.Property("Entrypoint") @Nullable List<String> entrypoint,
            @Json.Property("Cmd") @Nullable List<String> cmd,
            @Json.Property("WorkingDir") @Nullable String workingDir,
            @Json.Property("ExposedPorts") @Nullable Map<String, Object> exposedPorts) {}

    /** An image in the manifest.json of docker save. */
    @Json
    record DockerImage(
            @Json.Property("Config") @Nullable String config,
            @Json.Property("Layers") @Nullable List<String> layers) {}
}
