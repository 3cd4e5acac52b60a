package banger.daemon.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/**
 * A small kernel's module folder, as depmod leaves it, for tests. Its virtio_pci and ext4 are built in, its
 * overlay compressed, and each module holds its own file's name.
 */
final class KernelTree {
    private KernelTree() {}

    static void write(Path folder) throws IOException {
        String dependencies = """
                kernel/overlay.ko.xz:
                kernel/virtio_blk.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/virtio_console.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/virtio_net.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/vmw_vsock_virtio_transport.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/virtio-mmio.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/virtio.ko: kernel/virtio_ring.ko
                kernel/virtio_ring.ko:
                """;
        Files.writeString(folder.resolve("modules.dep"), dependencies);
        Files.writeString(
                folder.resolve("modules.builtin"), "kernel/drivers/virtio/virtio-pci.ko\nkernel/fs/ext4/ext4.ko\n");
        Files.createDirectories(folder.resolve("kernel"));
        for (String line : dependencies.lines().toList()) {
            String file = line.substring(0, line.indexOf(':'));
            try (OutputStream plain = Files.newOutputStream(folder.resolve(file));
                    OutputStream out = file.endsWith(".xz") ? new XZCompressorOutputStream(plain) : plain) {
                out.write(file.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
