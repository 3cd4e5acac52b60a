package banger.daemon.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** The end of this process. */
public final class ProcessExit {
    private ProcessExit() {}

    /**
     * Ends it at once (_exit(2)), without shutdown hooks. The JVM's own end waits 300 ms where a thread waits in the
     * kernel, as those do that serve virtual threads.
     */
    public static void now(int status) {
        Linker linker = Linker.nativeLinker();
        try {
            linker.downcallHandle(linker.defaultLookup().findOrThrow("_exit"), FunctionDescriptor.ofVoid(JAVA_INT))
                    .invokeExact(status);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
