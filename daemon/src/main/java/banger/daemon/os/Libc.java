package banger.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The few calls of the C library that Java has no words for. A failure is a {@link SystemCall.Failure}. */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_CLOEXEC = 02000000;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    static final int ENXIO = 6;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BLOCKS = 0x400;
    /** {@code struct statx} (statx(2)): its length, and where the blocks of 512 bytes are counted. */
    private static final long STATX_BYTES = 256;

    private static final long STATX_BLOCKS_AT = 48;
    private static final long BLOCK_BYTES = 512;

    private static final SystemCall OPEN =
            SystemCall.variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final SystemCall STATX =
            SystemCall.of("statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final SystemCall CLOSE = SystemCall.of("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final SystemCall LSEEK =
            SystemCall.of("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final SystemCall FTRUNCATE =
            SystemCall.of("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final SystemCall FSYNC = SystemCall.of("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final SystemCall IOCTL =
            SystemCall.variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final SystemCall IOCTL_WITH_ADDRESS =
            SystemCall.variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final SystemCall COPY_FILE_RANGE = SystemCall.of(
            "copy_file_range",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final SystemCall PREAD =
            SystemCall.of("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final SystemCall PWRITE =
            SystemCall.of("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final SystemCall SETPRIORITY =
            SystemCall.of("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private Libc() {}

    /** What the file takes on disk; a link is not followed. */
    static long allocatedBytes(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            MemorySegment found = arena.allocate(STATX_BYTES, Long.BYTES);
            SystemCall.invoke("statx", state ->
                    (int) STATX.handle().invokeExact(state, AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_BLOCKS, found));
            return found.get(JAVA_LONG, STATX_BLOCKS_AT) * BLOCK_BYTES;
        }
    }

    static int open(Path path, int flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            try {
                return (int) SystemCall.invoke(
                        "open", state -> (int) OPEN.handle().invokeExact(state, name, flags | O_CLOEXEC, mode));
            } catch (SystemCall.Failure e) {
                throw new SystemCall.Failure("open " + path, e.errno());
            }
        }
    }

    /** Best effort: it fails where the group is gone. */
    static void setPriorityOfGroup(int group, int nice) {
        final int processGroup = 1;
        try {
            SystemCall.invoke(
                    "setpriority", state -> (int) SETPRIORITY.handle().invokeExact(state, processGroup, group, nice));
        } catch (IOException e) {
            // It has ended.
            return;
        }
    }

    static void close(int fd) throws IOException {
        SystemCall.invoke("close", state -> (int) CLOSE.handle().invokeExact(state, fd));
    }

    static long lseek(int fd, long offset, int whence) throws IOException {
        return SystemCall.invoke("lseek", state -> (long) LSEEK.handle().invokeExact(state, fd, offset, whence));
    }

    static void ftruncate(int fd, long length) throws IOException {
        SystemCall.invoke("ftruncate", state -> (int) FTRUNCATE.handle().invokeExact(state, fd, length));
    }

    static void fsync(int fd) throws IOException {
        SystemCall.invoke("fsync", state -> (int) FSYNC.handle().invokeExact(state, fd));
    }

    static void ioctl(int fd, long request, int argument) throws IOException {
        SystemCall.invoke("ioctl", state -> (int) IOCTL.handle().invokeExact(state, fd, request, argument));
    }

    static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
        SystemCall.invoke(
                "ioctl", state -> (int) IOCTL_WITH_ADDRESS.handle().invokeExact(state, fd, request, argument));
    }

    /** The offsets are long values in memory, which the call moves on. */
    static long copyFileRange(int from, MemorySegment fromOffset, int to, MemorySegment toOffset, long length)
            throws IOException {
        return SystemCall.invoke("copy_file_range", state ->
                (long) COPY_FILE_RANGE.handle().invokeExact(state, from, fromOffset, to, toOffset, length, 0));
    }

    static long pread(int fd, MemorySegment buffer, long length, long offset) throws IOException {
        return SystemCall.invoke(
                "pread", state -> (long) PREAD.handle().invokeExact(state, fd, buffer, length, offset));
    }

    static long pwrite(int fd, MemorySegment buffer, long length, long offset) throws IOException {
        return SystemCall.invoke(
                "pwrite", state -> (long) PWRITE.handle().invokeExact(state, fd, buffer, length, offset));
    }
}
