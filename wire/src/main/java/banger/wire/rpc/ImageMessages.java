package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about images. */
public final class ImageMessages {
    private ImageMessages() {}

    /** A name, an id, or a prefix of either that fits one image. */
    @Json
    public record ImageRef(String image) {
        public ImageRef {
            Required.field("image", image);
        }
    }

    /** Makes the base image of that name ({@code "debian"}) and its kernel; {@code force} makes it again where it exists. */
    @Json
    public record BootstrapImage(String name, boolean force) {
        public BootstrapImage {
            Required.field("name", name);
        }
    }

    /**
     * Makes an image by a recipe, or by these steps, or by both: the recipe's steps come first, then {@code install},
     * {@code copy} and {@code run}.
     *
     * @param recipe the absolute path of a recipe, or null
     * @param from the image to begin with, or null: the recipe's
     * @param install packages of the distribution
     * @param environment {@code NAME=value}
     * @param fresh whether to run every step, whatever is kept of earlier builds
     */
    @Json
    public record BuildImage(
            String name,
            @Nullable String recipe,
            @Nullable String from,
            List<String> install,
            List<CopyStep> copy,
            List<String> run,
            List<String> environment,
            boolean fresh) {
        public BuildImage {
            Required.field("name", name);
        }
    }

    /** @param source an absolute path of the host @param target an absolute path of the guest */
    @Json
    public record CopyStep(String source, String target) {}

    /**
     * Exactly one of {@code path}, an absolute one, and {@code reference} is given.
     *
     * @param kernel a kernel's id or a prefix of one, or null: the default
     */
    @Json
    public record ImportImage(
            @Nullable String path,
            @Nullable String reference,
            String name,
            @Nullable String kernel) {}

    /** {@code reference}: such as {@code "registry.example/team/tools:1"}. */
    @Json
    public record PushImage(String image, String reference) {
        public PushImage {
            Required.field("image", image);
            Required.field("reference", reference);
        }
    }

    /** {@code name}: the image's here. */
    @Json
    public record PullImage(String reference, String name) {
        public PullImage {
            Required.field("reference", reference);
            Required.field("name", name);
        }
    }

    /** Paths are absolute ones of files of the user's, which are only read. */
    @Json
    public record RegisterImage(
            String name,
            String rootfs,
            String kernel,
            @Nullable String initrd,
            @Nullable String modules,
            @Nullable String workSeed) {
        public RegisterImage {
            Required.field("name", name);
            Required.field("rootfs", rootfs);
            Required.field("kernel", kernel);
        }
    }

    @Json
    public record LayerView(String digest, long sizeBytes, long diskBytes) {}

    /**
     * An image.
     *
     * @param managed whether its files are banger's own; {@code files} has the paths of one that is not
     * @param sharedBytes what it has on disk together with other images
     * @param ownBytes what would be free without it
     * @param users the names of the VMs that stand on it
     * @param environment {@code NAME=value}
     * @param user who commands run as; empty: root
     * @param packages how many packages of its distribution it has, or null where that is not known
     * @param packagesDigest SHA-256 of their names and versions
     * @param broken why it cannot be used, or null
     */
    @Json
    public record ImageView(
            String id,
            String name,
            String createdAt,
            boolean managed,
            List<String> files,
            List<LayerView> layers,
            String kernel,
            String workSeed,
            List<String> readiness,
            List<String> environment,
            String user,
            String folder,
            List<String> entrypoint,
            List<Integer> ports,
            String recipe,
            @Nullable Integer packages,
            @Nullable String packagesDigest,
            long diskBytes,
            long sharedBytes,
            long ownBytes,
            int vms,
            List<String> users,
            @Nullable String broken) {}

    /** A step of an image's history; {@code diskBytes} is what its layer takes, 0 where it is part of another by now. */
    @Json
    public record HistoryView(String at, String what, String layer, long diskBytes) {}

    @Json
    public record ImageHistory(List<HistoryView> steps) {}

    /** Makes the image {@code name} of what a stopped or suspended VM has changed. */
    @Json
    public record CommitImage(String vm, String name) {}

    /** {@code layer}: its place, 1 the lowest; null: the uppermost. */
    @Json
    public record DiffImage(String image, @Nullable Integer layer) {}

    /** {@code kind}: {@code "added"}, {@code "changed"} or {@code "deleted"}. A folder's path ends with a slash. */
    @Json
    public record LayerChange(String kind, String path) {}

    /** {@code more}: there are further changes, which do not fit into one reply. */
    @Json
    public record ImageDiff(String layer, List<LayerChange> changes, boolean more) {}

    @Json
    public record ImageDeleted(String image, long freedBytes) {}

    /** {@code pretend}: says what would go, and removes nothing. */
    @Json
    public record PruneImages(boolean pretend) {}

    @Json
    public record PrunedFile(String what, String file, long diskBytes) {}

    @Json
    public record Pruned(List<PrunedFile> files, long diskBytes) {}

    @Json
    public record ImageList(List<ImageView> images) {}
}
