package banger.daemon.state;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was read last, until the next write. It holds as nobody else writes: the daemon that serves is the only one, by
 * its lock. Safe for any number of threads.
 */
final class Remembered<T> {
    private final AtomicLong writes = new AtomicLong();
    private volatile @Nullable Value<T> last;

    private record Value<T>(long writes, T value) {}

    T get(Supplier<T> reader) {
        // Taken before reading: what a write changes meanwhile makes the value one of the past at once.
        long now = writes.get();
        Value<T> known = last;
        if (known != null && known.writes == now) {
            return known.value;
        }
        T value = reader.get();
        last = new Value<>(now, value);
        return value;
    }

    /** To be called after each write, whether it succeeded or not, before anybody is told of it. */
    void forget() {
        writes.incrementAndGet();
    }
}
