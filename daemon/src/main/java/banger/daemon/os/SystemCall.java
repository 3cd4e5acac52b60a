package banger.daemon.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A call of the C library that sets errno. It is linked when it is first used, as that takes some milliseconds. */
final class SystemCall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            STATE.varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

    private final String name;
    private final FunctionDescriptor shape;
    private final Linker.Option[] options;
    private volatile @Nullable MethodHandle handle;

    private SystemCall(String name, FunctionDescriptor shape, Linker.Option... options) {
        this.name = name;
        this.shape = shape;
        this.options = options;
    }

    /** A system call that failed. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1;
        private final int errno;

        Failure(String call, int errno) {
            super(call + ": " + describe(errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    /** What is called, with the place for its error number. */
    interface Call {
        long run(MemorySegment state) throws Throwable;
    }

    static long invoke(String name, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.run(state);
            if (result < 0) {
                throw new Failure(name, (int) ERRNO_VALUE.get(state, 0L));
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
            MethodHandle strerror = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
            MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            return "errno " + errno;
        }
    }

    static SystemCall of(String name, FunctionDescriptor shape) {
        return new SystemCall(name, shape, ERRNO);
    }

    static SystemCall variadic(String name, int fixed, FunctionDescriptor shape) {
        return new SystemCall(name, shape, ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    /** What is called, with the place for its error number before its arguments. */
    MethodHandle handle() {
        MethodHandle linked = handle;
        if (linked == null) {
            linked = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
            handle = linked;
        }
        return linked;
    }
}
