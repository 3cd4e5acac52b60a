package banger.daemon.archive;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** Opens a stream that may be compressed, by what its first bytes say and whatever its name is. */
public final class Decompression {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC_BYTES = 6;
    /** What a hostile xz header may make us allocate; Debian's own packages need 64 MiB. */
    private static final int XZ_MEMORY_KIB = 96 << 10;

    private Decompression() {}

    /** The content: of gzip, xz, zstd and bzip2 what they stand for, of all else the bytes themselves. */
    public static InputStream of(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        buffered.mark(MAGIC_BYTES);
        byte[] magic = buffered.readNBytes(MAGIC_BYTES);
        buffered.reset();
        if (begins(magic, 0x1f, 0x8b)) {
            return new GzipCompressorInputStream(buffered, true);
        }
        if (begins(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return new XZCompressorInputStream(buffered, true, XZ_MEMORY_KIB);
        }
        if (begins(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdCompressorInputStream(buffered);
        }
        if (begins(magic, 'B', 'Z', 'h')) {
            return new BZip2CompressorInputStream(buffered, true);
        }
        return buffered;
    }

    private static boolean begins(byte[] found, int... expected) {
        if (found.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((found[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with a stream that cannot be read; where a file is cut off, some formats' readers have no words. */
    public static String fault(Exception failure) {
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof EOFException
                ? "it is cut off"
                : failure.getClass().getSimpleName();
    }
}
