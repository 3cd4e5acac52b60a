package banger.daemon.driver.qemu;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory files of frozen machines, which nobody may write to but while a QEMU opens one: QEMU opens for writing
 * what it then maps privately and never writes. Root needs no permission for that; everybody else does.
 */
final class FrozenMemory {
    static final Opening NOTHING = () -> {};

    private final Map<Path, Integer> openers = new HashMap<>();

    /** One QEMU's time of opening. */
    interface Opening extends AutoCloseable {
        @Override
        void close();
    }

    Opening open(Path memory) {
        synchronized (openers) {
            openers.merge(memory, 1, Integer::sum);
            // Where this is not possible QEMU says so itself.
            memory.toFile().setWritable(true, true);
        }
        return () -> closed(memory);
    }

    private void closed(Path memory) {
        synchronized (openers) {
            if (openers.merge(memory, -1, Integer::sum) == 0) {
                openers.remove(memory);
                memory.toFile().setReadOnly();
            }
        }
    }
}
