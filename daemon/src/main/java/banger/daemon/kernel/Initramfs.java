package banger.daemon.kernel;

import banger.daemon.archive.Decompression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * The two halves of an initramfs: the kernel's modules, and the agent as {@code /init}. The kernel unpacks one cpio
 * archive after another from the same file, so that a new agent needs only its own half made again.
 *
 * <p>Not compressed: unpacking costs an emulated guest more than reading.
 */
final class Initramfs {
    private static final int FOLDER = CpioConstants.C_ISDIR | 0755;
    private static final int MODULE = CpioConstants.C_ISREG | 0644;
    private static final int PROGRAM = CpioConstants.C_ISREG | 0755;
    private static final int CONSOLE = CpioConstants.C_ISCHR | 0600;
    private static final int MAX_MODULE_BYTES = 64 << 20;

    private static final int ALIGNMENT = 512;

    private Initramfs() {}

    /**
     * Writes {@code /modules/*.ko} and {@code /modules/order}, which lists their names in the order to load them.
     *
     * @param files below the folder, in that order
     */
    static void writeModules(Path target, Path folder, List<String> files) throws IOException {
        try (CpioArchiveOutputStream cpio = open(target)) {
            put(cpio, "modules", FOLDER, new byte[0]);
            List<String> names = new ArrayList<>();
            for (String file : files) {
                String name = BootModules.moduleName(file) + ".ko";
                put(cpio, "modules/" + name, MODULE, module(folder.resolve(file)));
                names.add(name);
            }
            put(cpio, "modules/order", MODULE, (String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Writes the whole: the agent's half, then that of the modules.
     *
     * @param first archives of an image's own, whose files give way to those of the same name; there may be none
     */
    static void write(Path target, Path first, Path agent, Path modules) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            if (Files.exists(first)) {
                Files.copy(first, out);
                // The kernel looks for the next archive at a multiple of four.
                out.write(new byte[(int) (ALIGNMENT - Files.size(first) % ALIGNMENT)]);
            }
        }
        try (CpioArchiveOutputStream cpio = new CpioArchiveOutputStream(
                Files.newOutputStream(target, java.nio.file.StandardOpenOption.APPEND), CpioConstants.FORMAT_NEW)) {
            put(cpio, "dev", FOLDER, new byte[0]);
            CpioArchiveEntry console = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, "dev/console");
            console.setMode(CONSOLE);
            console.setRemoteDeviceMaj(5);
            console.setRemoteDeviceMin(1);
            cpio.putArchiveEntry(console);
            cpio.closeArchiveEntry();
            put(cpio, "init", PROGRAM, Files.readAllBytes(agent));
        }
        try (OutputStream end = Files.newOutputStream(target, java.nio.file.StandardOpenOption.APPEND)) {
            Files.copy(modules, end);
        }
    }

    private static CpioArchiveOutputStream open(Path target) throws IOException {
        return new CpioArchiveOutputStream(Files.newOutputStream(target), CpioConstants.FORMAT_NEW);
    }

    private static void put(CpioArchiveOutputStream cpio, String name, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name, content.length);
        entry.setMode(mode);
        entry.setNumberOfLinks((mode & CpioConstants.S_IFMT) == CpioConstants.C_ISDIR ? 2 : 1);
        cpio.putArchiveEntry(entry);
        cpio.write(content);
        cpio.closeArchiveEntry();
    }

    private static byte[] module(Path file) throws IOException {
        // The agent hands a module to the kernel as it is, and not every kernel can decompress one.
        try (InputStream in = Decompression.of(Files.newInputStream(file))) {
            return in.readNBytes(MAX_MODULE_BYTES);
        }
    }
}
