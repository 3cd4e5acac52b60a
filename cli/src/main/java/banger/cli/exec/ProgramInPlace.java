package banger.cli.exec;

import banger.cli.session.CliFailure;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program of the host that this process becomes, with execv(3).
 *
 * <p>So the terminal, job control, signals and the exit code are the program's own, and no JVM waits beside it.
 */
public final class ProgramInPlace {
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final int SIG_SETMASK = 2;
    /** More than any C library's sigset_t. */
    private static final int SIGNAL_SET_BYTES = 256;

    private ProgramInPlace() {}

    /** Where the program is, or null: a file of that name in a folder of PATH. */
    public static @Nullable Path find(String name, Map<String, String> environment) {
        for (String folder :
                environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    /** Becomes the program, with the user's own locale. @return why it could not: otherwise this never returns */
    public static CliFailure become(Path program, List<String> argv, Map<String, String> environment) {
        try (Arena arena = Arena.ofConfined()) {
            restoreLocale(arena, environment);
            unblockSignals(arena);
            int status = (int) function("execv", POINTER, POINTER)
                    .invokeExact(arena.allocateFrom(program.toString()), strings(arena, argv));
            return new CliFailure(program + " cannot be executed (status " + status + ")", null);
        } catch (Throwable e) {
            throw new IllegalStateException("execv", e);
        }
    }

    /** The launcher replaces a locale that the JVM cannot decode names by, and keeps what was there. */
    private static void restoreLocale(Arena arena, Map<String, String> environment) throws Throwable {
        String locale = environment.get("BANGER_LC_ALL");
        if (locale != null && !locale.isEmpty()) {
            set(arena, "LC_ALL", locale);
        } else if (locale != null && environment.containsKey("LANG")) {
            require("unsetenv", (int) function("unsetenv", POINTER).invokeExact(arena.allocateFrom("LC_ALL")));
        }
        // Who has no locale at all is given UTF-8: that is what the launcher's LC_ALL then says.
    }

    private static void set(Arena arena, String name, String value) throws Throwable {
        require("setenv", (int) function("setenv", POINTER, POINTER, ValueLayout.JAVA_INT)
                .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1));
    }

    private static void require(String call, int status) {
        if (status != 0) {
            throw new IllegalStateException(call + ": status " + status);
        }
    }

    /** The JVM blocks some signals in its threads, and a mask outlives execv. */
    private static void unblockSignals(Arena arena) throws Throwable {
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, 8);
        require("pthread_sigmask", (int) function("pthread_sigmask", ValueLayout.JAVA_INT, POINTER, POINTER)
                .invokeExact(SIG_SETMASK, none, MemorySegment.NULL));
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        // Fresh memory is zero, so a null pointer ends the array.
        MemorySegment array = arena.allocate(POINTER, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(POINTER, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }
}
