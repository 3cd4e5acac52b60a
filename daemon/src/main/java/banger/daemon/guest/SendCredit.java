package banger.daemon.guest;

import banger.wire.frame.Frame;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bytes that the agent still takes on a channel; senders wait for more. */
final class SendCredit {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long bytes = Frame.INITIAL_CREDIT_BYTES;
    private @Nullable String over;

    void add(long more) {
        lock.lock();
        try {
            bytes = Math.min(bytes + more, Frame.MAX_CREDIT_BYTES);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come: wakes the waiting, and fails them. */
    void end(String reason) {
        lock.lock();
        try {
            if (over == null) {
                over = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for some credit and takes up to {@code wanted} bytes of it. */
    int take(int wanted) throws IOException {
        lock.lock();
        try {
            while (bytes == 0 && over == null) {
                changed.await();
            }
            if (over != null) {
                throw new AgentException(AgentException.LOST, over);
            }
            int taken = (int) Math.min(wanted, bytes);
            bytes -= taken;
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while sending to the guest");
        } finally {
            lock.unlock();
        }
    }
}
