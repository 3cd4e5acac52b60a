package banger.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The few calls of the C library that Java has no words for. A failure is a {@link SystemCallException}. */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_CLOEXEC = 02000000;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    static final int ENXIO = 6;
    /** {@code struct epoll_event}, which x86-64 packs: the events, then the number that was given (epoll_ctl(2)). */
    static final int EPOLL_EVENT_BYTES = 12;

    private static final int EINTR = 4;
    private static final int EPOLLIN = 1;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CLOEXEC = O_CLOEXEC;
    private static final long SYS_PIDFD_OPEN = 434;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            STATE.varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle LSEEK =
            call("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FTRUNCATE =
            call("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FSYNC = call("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL_WITH_ADDRESS =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle COPY_FILE_RANGE = call(
            "copy_file_range",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PREAD =
            call("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE =
            call("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETPRIORITY =
            call("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CREATE1 = call("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CTL =
            call("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EPOLL_WAIT =
            call("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSCALL =
            variadic("syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Libc() {}

    /** A system call that failed. */
    static final class SystemCallException extends IOException {
        private static final long serialVersionUID = 1;
        private final int errno;

        SystemCallException(String call, int errno) {
            super(call + ": " + describe(errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    static int open(Path path, int flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            try {
                return (int) invoke("open", state -> (int) OPEN.invokeExact(state, name, flags | O_CLOEXEC, mode));
            } catch (SystemCallException e) {
                throw new SystemCallException("open " + path, e.errno());
            }
        }
    }

    /** Best effort: it fails where the group is gone. */
    static void setPriorityOfGroup(int group, int nice) {
        final int processGroup = 1;
        try {
            invoke("setpriority", state -> (int) SETPRIORITY.invokeExact(state, processGroup, group, nice));
        } catch (IOException e) {
            // It has ended.
            return;
        }
    }

    static void close(int fd) throws IOException {
        invoke("close", state -> (int) CLOSE.invokeExact(state, fd));
    }

    static long lseek(int fd, long offset, int whence) throws IOException {
        return invoke("lseek", state -> (long) LSEEK.invokeExact(state, fd, offset, whence));
    }

    static void ftruncate(int fd, long length) throws IOException {
        invoke("ftruncate", state -> (int) FTRUNCATE.invokeExact(state, fd, length));
    }

    static void fsync(int fd) throws IOException {
        invoke("fsync", state -> (int) FSYNC.invokeExact(state, fd));
    }

    static void ioctl(int fd, long request, int argument) throws IOException {
        invoke("ioctl", state -> (int) IOCTL.invokeExact(state, fd, request, argument));
    }

    static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
        invoke("ioctl", state -> (int) IOCTL_WITH_ADDRESS.invokeExact(state, fd, request, argument));
    }

    /** The offsets are long values in memory, which the call moves on. */
    static long copyFileRange(int from, MemorySegment fromOffset, int to, MemorySegment toOffset, long length)
            throws IOException {
        return invoke("copy_file_range", state ->
                (long) COPY_FILE_RANGE.invokeExact(state, from, fromOffset, to, toOffset, length, 0));
    }

    static long pread(int fd, MemorySegment buffer, long length, long offset) throws IOException {
        return invoke("pread", state -> (long) PREAD.invokeExact(state, fd, buffer, length, offset));
    }

    static long pwrite(int fd, MemorySegment buffer, long length, long offset) throws IOException {
        return invoke("pwrite", state -> (long) PWRITE.invokeExact(state, fd, buffer, length, offset));
    }

    /** A descriptor that is readable once the process has ended (pidfd_open(2)); older C libraries do not know it. */
    static int pidfdOpen(long pid) throws IOException {
        return (int) invoke("pidfd_open", state -> (long) SYSCALL.invokeExact(state, SYS_PIDFD_OPEN, pid, 0L));
    }

    static int epollCreate() throws IOException {
        return (int) invoke("epoll_create1", state -> (int) EPOLL_CREATE1.invokeExact(state, EPOLL_CLOEXEC));
    }

    /** Waits from now on until the descriptor is readable; its closing ends that. */
    static void epollAdd(int epoll, int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EPOLL_EVENT_BYTES);
            event.set(JAVA_INT, 0, EPOLLIN);
            event.set(JAVA_INT, Integer.BYTES, fd);
            invoke("epoll_ctl", state -> (int) EPOLL_CTL.invokeExact(state, epoll, EPOLL_CTL_ADD, fd, event));
        }
    }

    /** Waits for as long as it takes. @return how many events there are */
    static int epollWait(int epoll, MemorySegment events, int max) throws IOException {
        try {
            return (int) invoke("epoll_wait", state -> (int) EPOLL_WAIT.invokeExact(state, epoll, events, max, -1));
        } catch (SystemCallException e) {
            if (e.errno() == EINTR) {
                return 0;
            }
            throw e;
        }
    }

    static int epollEventFd(MemorySegment events, int at) {
        return events.get(
                java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, (long) at * EPOLL_EVENT_BYTES + Integer.BYTES);
    }

    private interface Call {
        long run(MemorySegment state) throws Throwable;
    }

    private static long invoke(String name, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.run(state);
            if (result < 0) {
                throw new SystemCallException(name, (int) ERRNO_VALUE.get(state, 0L));
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String describe(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            return "errno " + errno;
        }
    }

    private static MethodHandle call(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, ERRNO);
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor shape) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), shape, ERRNO, Linker.Option.firstVariadicArg(fixed));
    }
}
