package banger.cli.exec;

import banger.cli.session.CliFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The terminal on standard input, made raw so that each key reaches the guest, and put back when closed.
 *
 * <p>It calls the C library; its {@code struct termios} is passed around unread, so that its layout does not matter.
 */
public final class RawTerminal implements AutoCloseable {
    /** Columns and rows. */
    public record Size(int columns, int rows) {}

    private static final int STANDARD_INPUT = 0;
    private static final int TCSADRAIN = 1;
    /** Linux on x86-64 and aarch64. */
    private static final long TIOCGWINSZ = 0x5413;
    /** More than any C library's struct termios. */
    private static final int TERMIOS_ROOM_BYTES = 256;

    private static final Size FALLBACK = new Size(80, 24);
    private static final Linker LINKER = Linker.nativeLinker();

    private final MemorySegment saved;
    private final Thread restoreAtExit = new Thread(this::restore, "restore-terminal");

    private RawTerminal(MemorySegment saved) {
        this.saved = saved;
    }

    /** Makes the terminal raw. Close puts it back; so does the end of the program. */
    public static RawTerminal open() {
        MemorySegment saved = Arena.global().allocate(TERMIOS_ROOM_BYTES, 8);
        MemorySegment raw = Arena.global().allocate(TERMIOS_ROOM_BYTES, 8);
        if (callInt("tcgetattr", STANDARD_INPUT, saved) != 0) {
            throw new CliFailure("standard input is not a terminal", null);
        }
        raw.copyFrom(saved);
        RawTerminal terminal = new RawTerminal(saved);
        Runtime.getRuntime().addShutdownHook(terminal.restoreAtExit);
        makeRaw(raw);
        set(raw);
        return terminal;
    }

    /** The size of the terminal on standard input; 80 × 24 where it does not say. */
    public static Size size() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment window = arena.allocate(8, 2);
            FunctionDescriptor type = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
            MethodHandle ioctl = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("ioctl"), type, Linker.Option.firstVariadicArg(2));
            int status = (int) ioctl.invokeExact(STANDARD_INPUT, TIOCGWINSZ, window);
            int rows = Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 2));
            return status != 0 || rows == 0 || columns == 0 ? FALLBACK : new Size(columns, rows);
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl", e);
        }
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restoreAtExit);
    }

    private void restore() {
        set(saved);
    }

    private static int callInt(String function, int descriptor, MemorySegment termios) {
        try {
            MethodHandle handle = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow(function),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            return (int) handle.invokeExact(descriptor, termios);
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    private static void makeRaw(MemorySegment termios) {
        try {
            MethodHandle handle = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("cfmakeraw"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
            handle.invokeExact(termios);
        } catch (Throwable e) {
            throw new IllegalStateException("cfmakeraw", e);
        }
    }

    private static void set(MemorySegment termios) {
        try {
            FunctionDescriptor type = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
            MethodHandle handle = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("tcsetattr"), type);
            int status = (int) handle.invokeExact(STANDARD_INPUT, TCSADRAIN, termios);
            if (status != 0) {
                throw new IllegalStateException("status " + status);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("tcsetattr", e);
        }
    }
}
