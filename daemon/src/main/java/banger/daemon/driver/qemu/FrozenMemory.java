package banger.daemon.driver.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory files of frozen machines, which nobody may write to but while a QEMU opens one: QEMU opens for writing
 * what it then maps privately and never writes. Root needs no permission for that; everybody else does.
 */
final class FrozenMemory {
    static final Opening NOTHING = () -> {};

    /** By what they are and not by name, as each VM has a name of its own for the one that it came of. */
    private final Map<Object, Integer> openers = new HashMap<>();

    /** One QEMU's time of opening. */
    interface Opening extends AutoCloseable {
        @Override
        void close();
    }

    Opening open(Path memory) throws IOException {
        Object file = Files.readAttributes(memory, BasicFileAttributes.class).fileKey();
        synchronized (openers) {
            openers.merge(file, 1, Integer::sum);
            // Where this is not possible QEMU says so itself.
            memory.toFile().setWritable(true, true);
        }
        return () -> closed(memory, file);
    }

    private void closed(Path memory, Object file) {
        synchronized (openers) {
            if (openers.merge(file, -1, Integer::sum) == 0) {
                openers.remove(file);
                memory.toFile().setReadOnly();
            }
        }
    }
}
