package banger.daemon.network;

import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts changes into the kernel's packet filter: what many threads want at the same time goes in one transaction.
 *
 * <p>Safe for any number of threads. Whoever asked returns when the kernel has its change.
 */
final class PacketFilter {
    private static final System.Logger LOG = System.getLogger(PacketFilter.class.getName());

    private final Supplier<String> whole;
    private final Consumer<String> kernel;
    private final ReentrantLock applying = new ReentrantLock();
    private final List<Change> waiting = new ArrayList<>();

    private static final class Change {
        private final String text;
        private boolean done;
        private @Nullable Problem failure;

        Change(String text) {
            this.text = text;
        }
    }

    /**
     * @param whole all that is to hold now, for when somebody else has flushed the filter
     * @param kernel does what a text in nft's language says, all of it or nothing
     */
    PacketFilter(Supplier<String> whole, Consumer<String> kernel) {
        this.whole = whole;
        this.kernel = kernel;
    }

    /** @param text in nft's language; what {@code whole} gives must hold its outcome already */
    void apply(String text) {
        var mine = new Change(text);
        synchronized (waiting) {
            waiting.add(mine);
        }
        applying.lock();
        try {
            if (!mine.done) {
                applyAll();
            }
        } finally {
            applying.unlock();
        }
        if (mine.failure != null) {
            throw new Problem(mine.failure.kind(), mine.failure.getMessage(), "banger doctor", mine.failure);
        }
    }

    /** Writes everything anew. */
    void rewrite() {
        kernel.accept(whole.get());
    }

    private void applyAll() {
        List<Change> batch;
        synchronized (waiting) {
            batch = List.copyOf(waiting);
            waiting.clear();
        }
        var text = new StringBuilder();
        batch.forEach(change -> text.append(change.text));
        Problem failure = null;
        try {
            kernel.accept(text.toString());
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "the packet filter is written anew: {0}", e.getMessage());
            failure = rewritten();
        }
        for (Change change : batch) {
            change.failure = failure;
            change.done = true;
        }
    }

    private @Nullable Problem rewritten() {
        try {
            rewrite();
            return null;
        } catch (Problem e) {
            return e;
        }
    }

    /** One transaction of the kernel's own packet filter. */
    static void run(String text) {
        Command.of("nft", "-f", "-").reading(text).succeed();
    }
}
