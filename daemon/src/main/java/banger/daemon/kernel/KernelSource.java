package banger.daemon.kernel;

import java.nio.file.Path;

/** What a kernel can be imported from. */
public sealed interface KernelSource {
    /** A Debian package; what it needs of others lies beside it. */
    record Deb(Path file) implements KernelSource {}

    /** A Void Linux package; what it needs of others lies beside it. */
    record Xbps(Path file) implements KernelSource {}

    /** @param image an ELF kernel or a boot image @param modules the folder {@code lib/modules/VERSION} */
    record Files(Path image, Path modules) implements KernelSource {}
}
