package banger.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BzImageTest {
    /** What follows the payload in a real image. */
    private static final int FILLER = 1000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lz4 -l -q -c", "gzip -c", "xz --check=crc32 -c", "zstd -q -c"})
    void theKernelComesOutOfEveryFormat(String compressor) throws IOException {
        byte[] kernel = kernel(9 << 20);
        assertArrayEquals(kernel, BzImage.extract(image(compress(kernel, compressor), kernel.length), "vmlinuz"));
    }

    @Test
    void aWrongSizeIsDamage() throws IOException {
        byte[] kernel = kernel(100_000);
        for (int size : new int[] {99_999, 100_001, -1}) {
            byte[] image = image(compress(kernel, "lz4 -l -q -c"), size);
            refused(image, "is damaged");
        }
    }

    @Test
    void damagedDataIsSaidSo() throws IOException {
        byte[] kernel = kernel(100_000);
        byte[] payload = compress(kernel, "xz --check=crc32 -c");
        payload[payload.length / 2] ^= 1;
        refused(image(payload, kernel.length), "is damaged");
    }

    @Test
    void aKernelThatIsNoElfFileIsRefused() throws IOException {
        byte[] text = new byte[5000];
        refused(image(compress(text, "gzip -c"), text.length), "not an ELF file");
    }

    @Test
    void anImageCutShortIsRefused() throws IOException {
        byte[] kernel = kernel(100_000);
        byte[] image = image(compress(kernel, "gzip -c"), kernel.length);
        refused(Arrays.copyOf(image, image.length - FILLER - 10), "is cut short");
    }

    @Test
    void somethingElseIsRefused() {
        refused(new byte[100], "is not a Linux boot image");
        refused(new byte[10_000], "is not a Linux boot image");
    }

    private static void refused(byte[] image, String expected) {
        Problem problem = assertThrows(Problem.class, () -> BzImage.extract(image, "vmlinuz"));
        assertTrue(problem.getMessage().contains(expected), problem.getMessage());
    }

    /** An ELF file's beginning and half-compressible content. */
    private static byte[] kernel(int bytes) {
        byte[] kernel = new byte[bytes];
        new Random(3).nextBytes(kernel);
        Arrays.fill(kernel, bytes / 4, bytes / 2, (byte) 7);
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, kernel, 0, 4);
        return kernel;
    }

    private byte[] compress(byte[] data, String compressor) throws IOException {
        Path in = Files.write(folder.resolve("in"), data);
        Path out = folder.resolve("out");
        Command.of("sh", "-c", compressor + " < " + in + " > " + out).succeed();
        return Files.readAllBytes(out);
    }

    /** A boot image as the kernel's build makes it: the payload is followed by the uncompressed size. */
    private static byte[] image(byte[] payload, int size) {
        int sectors = 27;
        int offset = 333;
        int start = (sectors + 1) * 512 + offset;
        ByteBuffer image =
                ByteBuffer.allocate(start + payload.length + 4 + FILLER).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) sectors);
        image.put(0x202, "HdrS".getBytes());
        image.putShort(0x206, (short) 0x20f);
        image.putInt(0x248, offset);
        image.putInt(0x24c, payload.length + 4);
        image.put(start, payload);
        image.putInt(start + payload.length, size);
        return image.array();
    }
}
