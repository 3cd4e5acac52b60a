package banger.daemon.kernel;

import banger.daemon.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * A Linux boot image for x86 and the uncompressed kernel in it: machines that load an ELF file themselves boot it
 * faster. The layout is that of the kernel's Documentation/x86/boot.rst.
 */
final class BzImage {
    private static final int SETUP_SECTORS = 0x1f1;
    private static final int HEADER_MAGIC = 0x202;
    private static final int PROTOCOL_VERSION = 0x206;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int HEADER_END = 0x250;
    private static final int SECTOR_BYTES = 512;
    /** The first protocol with the payload's place in the header. */
    private static final int PAYLOAD_PROTOCOL = 0x0208;

    private static final int LZ4_LEGACY_MAGIC = 0x184C2102;
    private static final int ZSTD_MAGIC = 0xFD2FB528;
    private static final int MAX_KERNEL_BYTES = 512 << 20;
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private BzImage() {}

    /** Returns the ELF kernel. @throws Problem FAILED where it is not such an image */
    static byte[] extract(byte[] image, String name) {
        byte[] payload = payload(image, name);
        // The build appends the uncompressed size to payloads whose format does not carry it (and to xz as well).
        int size = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(payload.length - 4);
        byte[] kernel;
        try {
            kernel = decompress(payload, size, name);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Problem(Problem.Kind.FAILED, "the kernel in " + name + " is damaged: " + e.getMessage(), null, e);
        }
        if (kernel.length < 4 || kernel[0] != 0x7f || kernel[1] != 'E' || kernel[2] != 'L' || kernel[3] != 'F') {
            throw new Problem(Problem.Kind.FAILED, "the kernel in " + name + " is not an ELF file");
        }
        return kernel;
    }

    /** Whether the file begins as a boot image. */
    static boolean isOne(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(HEADER_END);
            return start.length == HEADER_END
                    && Arrays.equals(start, HEADER_MAGIC, HEADER_MAGIC + 4, new byte[] {'H', 'd', 'r', 'S'}, 0, 4);
        }
    }

    private static byte[] payload(byte[] image, String name) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < HEADER_END
                || !Arrays.equals(image, HEADER_MAGIC, HEADER_MAGIC + 4, new byte[] {'H', 'd', 'r', 'S'}, 0, 4)
                || header.getShort(PROTOCOL_VERSION) < PAYLOAD_PROTOCOL) {
            throw new Problem(Problem.Kind.FAILED, name + " is not a Linux boot image for x86 (2.08 or later)");
        }
        int sectors = header.get(SETUP_SECTORS) & 0xff;
        // Boot images from before the field had four.
        long start = (sectors == 0 ? 4 : sectors) * (long) SECTOR_BYTES
                + SECTOR_BYTES
                + Integer.toUnsignedLong(header.getInt(PAYLOAD_OFFSET));
        long length = Integer.toUnsignedLong(header.getInt(PAYLOAD_LENGTH));
        if (length < 8 || start + length > image.length) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    name + " is cut short: its kernel ends at byte " + (start + length) + ", the file at "
                            + image.length);
        }
        return Arrays.copyOfRange(image, (int) start, (int) (start + length));
    }

    private static byte[] decompress(byte[] payload, int size, String name) throws IOException {
        if (size <= 0 || size > MAX_KERNEL_BYTES) {
            throw new IOException("an uncompressed size of " + Integer.toUnsignedLong(size) + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(0) == LZ4_LEGACY_MAGIC) {
            return exactly(size, lz4Legacy(bytes, size));
        }
        if (payload[0] == 0x1f && payload[1] == (byte) 0x8b) {
            return exactly(size, read(new GzipCompressorInputStream(new ByteArrayInputStream(payload)), size));
        }
        if (payload[0] == (byte) 0xfd && payload[1] == '7' && payload[2] == 'z') {
            var in = new XZCompressorInputStream(new ByteArrayInputStream(payload), false, XZ_MEMORY_KIB);
            return exactly(size, read(in, size));
        }
        if (bytes.getInt(0) == ZSTD_MAGIC) {
            return exactly(size, read(new ZstdCompressorInputStream(new ByteArrayInputStream(payload)), size));
        }
        throw new Problem(
                Problem.Kind.FAILED,
                "the kernel in " + name + " is compressed in a way that banger does not read: it begins with "
                        + Integer.toHexString(bytes.getInt(0)) + " (expected lz4, gzip, xz or zstd)");
    }

    /** The format of {@code lz4 -l}: blocks of a length and data, each standing for up to 8 MiB. */
    private static byte[] lz4Legacy(ByteBuffer payload, int size) throws IOException {
        byte[] kernel = new byte[size];
        int filled = 0;
        int at = 4;
        int end = payload.capacity() - 4;
        while (at + 4 <= end) {
            int length = payload.getInt(at);
            at += 4;
            if (length == LZ4_LEGACY_MAGIC) {
                continue;
            }
            if (length <= 0 || length > end - at) {
                throw new IOException("an lz4 block of " + Integer.toUnsignedLong(length) + " bytes at " + (at - 4));
            }
            try (var block = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(payload.array(), at, length))) {
                filled += block.readNBytes(kernel, filled, size - filled);
                if (block.read() >= 0) {
                    throw new IOException("more than the " + size + " bytes that its end tells");
                }
            }
            at += length;
        }
        return Arrays.copyOf(kernel, filled);
    }

    private static byte[] read(InputStream in, int size) throws IOException {
        try (in) {
            return in.readNBytes(size);
        }
    }

    private static byte[] exactly(int size, byte[] kernel) throws IOException {
        if (kernel.length != size) {
            throw new IOException("expected " + size + " bytes, found " + kernel.length);
        }
        return kernel;
    }
}
