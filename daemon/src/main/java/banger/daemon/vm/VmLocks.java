package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One lock for each VM: life-cycle work on the same VM comes one after the other. */
final class VmLocks {
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Holds the lock while open. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held hold(UUID vm, String name) {
        ReentrantLock lock = locks.computeIfAbsent(vm, id -> new ReentrantLock());
        try {
            if (!lock.tryLock(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Problem(
                        Problem.Kind.TIMEOUT,
                        "vm " + name + " is busy: other work on it has not ended within " + BOUND.toSeconds() + " s",
                        "banger operation list");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "cancelled while waiting for vm " + name);
        }
        return lock::unlock;
    }

    /** The same where nobody has it, else null. */
    @Nullable
    Held holdIfFree(UUID vm) {
        ReentrantLock lock = locks.computeIfAbsent(vm, id -> new ReentrantLock());
        return lock.tryLock() ? lock::unlock : null;
    }

    void forget(UUID vm) {
        locks.remove(vm);
    }
}
