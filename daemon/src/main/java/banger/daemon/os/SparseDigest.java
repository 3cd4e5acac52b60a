package banger.daemon.os;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A digest of long files that are nearly all zeros, at the price of their data: SHA-256, as 64 hex digits, of the
 * length and of each 4096-byte block that is not all zeros, its number before it. It does not depend on what a file
 * system made holes of.
 */
public final class SparseDigest {
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private SparseDigest() {}

    public static String of(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        int fd = Libc.open(file, Libc.O_RDONLY, 0);
        try (FileChannel channel = FileChannel.open(file)) {
            digest.update(number(channel.size()));
            DataExtents extents = new DataExtents(fd);
            long done = 0;
            while (extents.next()) {
                // A hole may begin inside a block.
                long block = Math.max(done, extents.start() / BLOCK_BYTES);
                for (; block * BLOCK_BYTES < extents.end(); block++) {
                    add(channel, block, digest);
                }
                done = block;
            }
        } finally {
            Libc.close(fd);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(FileChannel channel, long block, MessageDigest digest) throws IOException {
        long start = block * BLOCK_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, channel.size() - start));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, start + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        if (!Arrays.equals(bytes.array(), 0, bytes.position(), ZEROS, 0, bytes.position())) {
            digest.update(number(block));
            digest.update(bytes.array());
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
