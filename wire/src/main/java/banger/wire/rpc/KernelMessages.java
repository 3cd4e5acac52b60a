package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about kernels. */
public final class KernelMessages {
    private KernelMessages() {}

    /** An id, or a prefix that fits one kernel. */
    @Json
    public record KernelRef(String kernel) {}

    /**
     * Exactly one of {@code deb}, {@code xbps} and {@code vmlinux} (with {@code modules}) is given: absolute paths.
     *
     * @param name the kernel's id, or null: the distribution and the version
     * @param sha256 what the package's or the kernel's file must have, or null
     */
    @Json
    public record ImportKernel(
            @Nullable String deb,
            @Nullable String xbps,
            @Nullable String vmlinux,
            @Nullable String modules,
            @Nullable String name,
            @Nullable String sha256) {}

    /**
     * @param version what {@code uname -r} says; empty where the kernel is broken, as the rest of what follows
     * @param source the file that it was made from
     * @param sha256 of that file, or empty
     * @param isDefault whether images that come without a kernel get it
     * @param images names of the images that boot it
     * @param vms names of the VMs that were given it
     * @param broken why it cannot be used, or null
     */
    @Json
    public record KernelView(
            String id,
            String version,
            String packageVersion,
            String source,
            String sha256,
            String madeAt,
            long diskBytes,
            boolean isDefault,
            List<String> images,
            List<String> vms,
            @Nullable String broken) {}

    @Json
    public record KernelList(List<KernelView> kernels) {}
}
