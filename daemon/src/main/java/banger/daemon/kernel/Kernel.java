package banger.daemon.kernel;

import java.nio.file.Path;

/**
 * A kernel bundle.
 *
 * @param id its name in the store, which holds its version
 * @param version what {@code uname -r} says
 * @param vmlinux the uncompressed ELF kernel
 * @param initramfs a cpio archive with the agent as {@code /init} and the modules that it loads
 * @param modules an ext4 file whose root holds the folder {@code VERSION}, for the guest's {@code /lib/modules}
 */
public record Kernel(String id, String version, Path vmlinux, Path initramfs, Path modules) {}
