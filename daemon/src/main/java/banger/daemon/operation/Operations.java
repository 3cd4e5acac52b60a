package banger.daemon.operation;

import banger.daemon.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Begins operations, each in a thread of its own, and keeps the latest for those who ask later. */
public final class Operations {
    /** What an operation does. */
    public interface Work {
        void run(Progress progress);
    }

    private static final System.Logger LOG = System.getLogger(Operations.class.getName());
    private static final int MAX_KEPT = 200;
    private static final int MAX_RUNNING = 64;

    private final Map<String, Operation> byId = new LinkedHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private final String prefix = Long.toString(System.currentTimeMillis() / 1000, Character.MAX_RADIX);

    /** @throws Problem RESOURCE_EXHAUSTED where too many are under way */
    public Operation begin(String kind, String subject, Work work) {
        Operation operation = make(kind, subject, false);
        Thread.ofVirtual().name(kind + " " + subject).start(() -> run(operation, work));
        return operation;
    }

    /** Does work of the daemon's own, for which nobody waits, and returns when it has ended. */
    public Operation aside(String kind, String subject, Work work) {
        Operation operation = make(kind, subject, true);
        run(operation, work);
        return operation;
    }

    private Operation make(String kind, String subject, boolean aside) {
        var operation = new Operation("op-" + prefix + "-" + lastNumber.incrementAndGet(), kind, subject, aside);
        keep(operation);
        return operation;
    }

    /** @throws Problem NOT_FOUND where there is none, or it is too long ago */
    public synchronized Operation get(String id) {
        Operation found = byId.get(id);
        if (found == null) {
            throw new Problem(Problem.Kind.NOT_FOUND, "no operation \"" + id + "\" is known", "banger operation list");
        }
        return found;
    }

    public synchronized List<Operation> all() {
        return List.copyOf(byId.values());
    }

    /** How many somebody waits for. */
    public int running() {
        return running(false);
    }

    public int runningAside() {
        return running(true);
    }

    private synchronized int running(boolean aside) {
        return (int) byId.values().stream()
                .filter(operation -> operation.isAside() == aside)
                .filter(operation -> operation.snapshot().state() == Operation.State.RUNNING)
                .count();
    }

    private synchronized void keep(Operation operation) {
        if (!operation.isAside() && running() >= MAX_RUNNING) {
            throw new Problem(
                    Problem.Kind.RESOURCE_EXHAUSTED,
                    MAX_RUNNING + " operations are under way, the most at once",
                    "banger operation list");
        }
        byId.put(operation.id(), operation);
        for (Operation old : new ArrayList<>(byId.values())) {
            if (byId.size() <= MAX_KEPT) {
                return;
            }
            if (old.snapshot().state() != Operation.State.RUNNING) {
                byId.remove(old.id());
            }
        }
    }

    private static void run(Operation operation, Work work) {
        work(operation, work);
        LOG.log(System.Logger.Level.INFO, LogLine.of(operation.snapshot()));
    }

    private static void work(Operation operation, Work work) {
        try {
            work.run(new Reporter(operation));
            operation.end(Operation.State.DONE, null);
        } catch (Problem e) {
            boolean cancelled = e.kind() == Problem.Kind.CANCELLED;
            operation.end(cancelled ? Operation.State.CANCELLED : Operation.State.FAILED, e);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "operation " + operation.id() + " failed", e);
            operation.end(
                    Operation.State.FAILED,
                    new Problem(Problem.Kind.FAILED, "internal failure: " + e, "banger daemon logs", e));
        }
    }

    private record Reporter(Operation operation) implements Progress {
        @Override
        public void stage(String name, String text) {
            operation.stage(name, text);
        }

        @Override
        public void text(String text) {
            operation.text(text);
        }

        @Override
        public void progress(long done, @Nullable Long total, String unit) {
            operation.progress(done, total, unit);
        }

        @Override
        public void output(String line) {
            operation.output(line);
        }

        @Override
        public boolean cancelled() {
            return operation.isCancelled();
        }
    }
}
