package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about images. */
public final class ImageMessages {
    private ImageMessages() {}

    /** A name, an id, or a prefix of either that fits one image. */
    @Json
    public record ImageRef(String image) {}

    /** Makes the base image of that name ({@code "debian"}) and its kernel; {@code force} makes it again where it exists. */
    @Json
    public record BootstrapImage(String name, boolean force) {}

    @Json
    public record LayerView(String digest, long sizeBytes, long diskBytes) {}

    /** {@code broken} says why the image cannot be used, or is null. */
    @Json
    public record ImageView(
            String id,
            String name,
            String createdAt,
            List<LayerView> layers,
            String kernel,
            List<String> readiness,
            long diskBytes,
            int vms,
            @Nullable String broken) {}

    @Json
    public record ImageList(List<ImageView> images) {}
}
