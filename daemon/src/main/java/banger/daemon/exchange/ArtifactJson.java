package banger.daemon.exchange;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration of an artifact, which says what its chunks are parts of (docs/images.md). */
final class ArtifactJson {
    static final int FORMAT = 1;
    static final JsonType<Artifact> TYPE = Jsonb.builder().build().type(Artifact.class);

    private ArtifactJson() {}

    /**
     * @param digest of the blob, such as {@code sha256:…}; the blob is zstd-compressed
     * @param size of the blob
     */
    @Json
    record Chunk(long offset, int bytes, String digest, long size) {}

    /**
     * A file, which is zeros where no chunk is.
     *
     * @param digest 64 hex digits: of layers and a kernel's files a SHA-256, of a seed a digest of its data
     */
    @Json
    record StoredFile(String name, String digest, long bytes, List<Chunk> chunks) {}

    @Json
    record StoredKernel(String id, List<StoredFile> files) {}

    @Json
    record Step(String what, String layer, String at) {}

    @Json
    record Packages(int count, String digest) {}

    /** @param environment {@code NAME=value} */
    @Json
    record Artifact(
            int format,
            String name,
            String architecture,
            List<StoredFile> layers,
            StoredFile seed,
            StoredKernel kernel,
            List<String> readiness,
            List<String> environment,
            String user,
            String folder,
            List<String> entrypoint,
            List<Integer> ports,
            String recipe,
            List<Step> history,
            @Nullable Packages packages) {}
}
