package banger.daemon.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies disk files at the price of their data, not of their length: as a reflink where the file system can, else
 * data only, holes staying holes.
 */
public final class SparseCopy {
    /** FICLONE of linux/fs.h: {@code _IOW(0x94, 9, int)}. */
    private static final long FICLONE = 0x40049409L;

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int OWNER_ONLY = 0600;

    private SparseCopy() {}

    /** How the copy was made. */
    public enum Method {
        REFLINK,
        SPARSE
    }

    /**
     * Makes {@code to}, which must not exist, a copy of {@code from} for the user alone. A failure leaves no
     * {@code to}. The copy is not synced: what relies on it after a power cut calls {@link DurableFiles#sync}.
     */
    public static Method copy(Path from, Path to) throws IOException {
        int source = Libc.open(from, Libc.O_RDONLY, 0);
        try {
            int target = Libc.open(to, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, OWNER_ONLY);
            try {
                Method method = reflink(source, target) ? Method.REFLINK : copyData(source, target, Files.size(from));
                Libc.close(target);
                return method;
            } catch (IOException | RuntimeException e) {
                Libc.close(target);
                Files.deleteIfExists(to);
                throw e;
            }
        } finally {
            Libc.close(source);
        }
    }

    /**
     * Makes {@code to}, which must not exist, a reflink of {@code from}. Returns false, and makes nothing, where the file
     * system cannot.
     */
    public static boolean reflink(Path from, Path to) throws IOException {
        int source = Libc.open(from, Libc.O_RDONLY, 0);
        try {
            int target = Libc.open(to, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL, OWNER_ONLY);
            boolean made = reflink(source, target);
            Libc.close(target);
            if (!made) {
                Files.deleteIfExists(to);
            }
            return made;
        } finally {
            Libc.close(source);
        }
    }

    private static boolean reflink(int source, int target) {
        try {
            Libc.ioctl(target, FICLONE, source);
            return true;
        } catch (IOException e) {
            // Another file system, or one that cannot share extents; each says it with another errno.
            return false;
        }
    }

    private static Method copyData(int source, int target, long length) throws IOException {
        Libc.ftruncate(target, length);
        try (Arena arena = Arena.ofConfined()) {
            DataExtents extents = new DataExtents(source);
            while (extents.next()) {
                long done = copyInKernel(source, target, extents.start(), extents.end(), arena);
                copyByHand(source, target, done, extents.end(), arena);
            }
        }
        return Method.SPARSE;
    }

    /** Returns how far it came: some file systems and kernels refuse copy_file_range. */
    private static long copyInKernel(int source, int target, long from, long end, Arena arena) throws IOException {
        MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, 2);
        long at = from;
        while (at < end) {
            offsets.setAtIndex(ValueLayout.JAVA_LONG, 0, at);
            offsets.setAtIndex(ValueLayout.JAVA_LONG, 1, at);
            long copied;
            try {
                copied = Libc.copyFileRange(source, offsets.asSlice(0, 8), target, offsets.asSlice(8, 8), end - at);
            } catch (SystemCall.Failure e) {
                if (DiskFull.isSaidBy(e.getMessage())) {
                    throw e;
                }
                return at;
            }
            if (copied == 0) {
                return at;
            }
            at += copied;
        }
        return at;
    }

    private static void copyByHand(int source, int target, long from, long end, Arena arena) throws IOException {
        if (from >= end) {
            return;
        }
        MemorySegment buffer = arena.allocate(BUFFER_BYTES);
        long at = from;
        while (at < end) {
            long read = Libc.pread(source, buffer, Math.min(BUFFER_BYTES, end - at), at);
            if (read == 0) {
                throw new IOException("the file became shorter while it was copied");
            }
            long written = 0;
            while (written < read) {
                written += Libc.pwrite(target, buffer.asSlice(written), read - written, at + written);
            }
            at += read;
        }
    }
}
