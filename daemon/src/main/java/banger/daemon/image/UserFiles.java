package banger.daemon.image;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of the user's own that an unmanaged image points at. banger reads them, and neither changes nor deletes them.
 *
 * @param rootfs an ext4 file system
 * @param kernel an ELF kernel or a bzImage
 * @param initrd cpio archives, whose files are there beside the agent's
 * @param modules a folder such as {@code /lib/modules/VERSION}
 * @param workSeed an ext4 file system for {@code /root}
 */
public record UserFiles(
        Path rootfs,
        Path kernel,
        @Nullable Path initrd,
        @Nullable Path modules,
        @Nullable Path workSeed) {}
