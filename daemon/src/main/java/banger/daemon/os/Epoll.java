package banger.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/** Waits for descriptors that become readable (epoll(7)), and has one for a process's end. */
final class Epoll {
    /** {@code struct epoll_event}, which x86-64 packs: the events, then the number that was given (epoll_ctl(2)). */
    static final int EVENT_BYTES = 12;

    private static final int EINTR = 4;
    private static final int EPOLLIN = 1;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final long SYS_PIDFD_OPEN = 434;

    private static final SystemCall CREATE = SystemCall.of("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final SystemCall CONTROL =
            SystemCall.of("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final SystemCall WAIT =
            SystemCall.of("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final SystemCall SYSCALL =
            SystemCall.variadic("syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private Epoll() {}

    static int create() throws IOException {
        return (int) SystemCall.invoke(
                "epoll_create1", state -> (int) CREATE.handle().invokeExact(state, Libc.O_CLOEXEC));
    }

    /** A descriptor that is readable once the process has ended (pidfd_open(2)); older C libraries do not know it. */
    static int processEnd(long pid) throws IOException {
        return (int) SystemCall.invoke(
                "pidfd_open", state -> (long) SYSCALL.handle().invokeExact(state, SYS_PIDFD_OPEN, pid, 0L));
    }

    /** Waits from now on until the descriptor is readable. */
    static void add(int epoll, int fd) throws IOException {
        control(epoll, EPOLL_CTL_ADD, fd);
    }

    /** Waits for it no longer. */
    static void remove(int epoll, int fd) throws IOException {
        control(epoll, EPOLL_CTL_DEL, fd);
    }

    private static void control(int epoll, int operation, int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_BYTES);
            event.set(JAVA_INT, 0, EPOLLIN);
            event.set(JAVA_INT, Integer.BYTES, fd);
            SystemCall.invoke(
                    "epoll_ctl", state -> (int) CONTROL.handle().invokeExact(state, epoll, operation, fd, event));
        }
    }

    /** Waits for as long as it takes. @return how many events there are */
    static int await(int epoll, MemorySegment events, int max) throws IOException {
        try {
            return (int) SystemCall.invoke(
                    "epoll_wait", state -> (int) WAIT.handle().invokeExact(state, epoll, events, max, -1));
        } catch (SystemCall.Failure e) {
            if (e.errno() == EINTR) {
                return 0;
            }
            throw e;
        }
    }

    /** The descriptor of one of the events. */
    static int descriptor(MemorySegment events, int at) {
        return events.get(JAVA_INT_UNALIGNED, (long) at * EVENT_BYTES + Integer.BYTES);
    }
}
