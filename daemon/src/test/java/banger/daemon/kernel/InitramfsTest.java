package banger.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsTest {
    @TempDir
    Path folder;

    @Test
    void modulesComeAfterWhatTheyDependOn() throws IOException {
        KernelTree.write(folder);
        List<String> names = BootModules.inLoadOrder(folder).stream()
                .map(BootModules::moduleName)
                .toList();
        assertEquals(
                List.of(
                        "virtio_ring",
                        "virtio",
                        "virtio_mmio",
                        "virtio_blk",
                        "virtio_console",
                        "overlay",
                        "virtio_net",
                        "vmw_vsock_virtio_transport"),
                names);
    }

    @Test
    void aKernelWithoutANeededModuleIsRefused() throws IOException {
        KernelTree.write(folder);
        Files.writeString(
                folder.resolve("modules.dep"),
                Files.readString(folder.resolve("modules.dep")).replaceAll("(?m)^.*overlay.*$", ""));
        Problem problem = assertThrows(Problem.class, () -> BootModules.inLoadOrder(folder));
        assertTrue(problem.getMessage().contains("lacks the module overlay"), problem.getMessage());
    }

    @Test
    void bothHalvesAreThereWithTheirModes() throws IOException {
        KernelTree.write(folder);
        Path agent = Files.writeString(folder.resolve("agent"), "agent");
        Initramfs.writeModules(
                folder.resolve("modules.cpio"), folder, List.of("kernel/virtio.ko", "kernel/overlay.ko.xz"));
        Initramfs.write(folder.resolve("initramfs"), folder.resolve("none"), agent, folder.resolve("modules.cpio"));

        assertEquals(
                Map.of(
                        "dev", "40755 ",
                        "dev/console", "20600 5,1 ",
                        "init", "100755 agent",
                        "modules", "40755 ",
                        "modules/virtio.ko", "100644 kernel/virtio.ko",
                        "modules/overlay.ko", "100644 kernel/overlay.ko.xz",
                        "modules/order", "100644 virtio.ko\noverlay.ko\n"),
                read(folder.resolve("initramfs")));
    }

    /** Reads archive after archive, as the kernel does. */
    private static Map<String, String> read(Path initramfs) throws IOException {
        byte[] all = Files.readAllBytes(initramfs);
        Map<String, String> found = new LinkedHashMap<>();
        int at = 0;
        while (at < all.length) {
            assertEquals(0, at % 4, "the kernel wants archives at multiples of 4");
            var cpio = new CpioArchiveInputStream(new ByteArrayInputStream(Arrays.copyOfRange(all, at, all.length)));
            CpioArchiveEntry entry;
            while ((entry = cpio.getNextEntry()) != null) {
                String device = entry.isCharacterDevice()
                        ? entry.getRemoteDeviceMaj() + "," + entry.getRemoteDeviceMin() + " "
                        : "";
                found.put(
                        entry.getName(),
                        Long.toOctalString(entry.getMode()) + " " + device
                                + new String(cpio.readAllBytes(), StandardCharsets.UTF_8));
            }
            at += (int) cpio.getBytesRead();
            at += (512 - at % 512) % 512;
        }
        return found;
    }
}
