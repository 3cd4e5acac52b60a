package banger.daemon.operation;

import banger.daemon.problem.Problem;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One piece of long work: its stages so far and its outcome. Safe for any number of threads.
 *
 * <p>Each change has a number; a watcher waits for changes after the last number that it has seen, so that a slow
 * watcher skips what is out of date and never holds the work up.
 */
public final class Operation {
    /** How it stands. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    /** A stage as it stands; {@code change} is the number of its last change. */
    public record Stage(
            String name,
            String text,
            @Nullable Long done,
            @Nullable Long total,
            @Nullable String unit,
            State state,
            long beganNanos,
            long elapsedMillis,
            long change) {}

    /** A line of output; {@code change} is its number. */
    public record Line(String text, long change) {}

    /** The whole at one moment. @param output the lines that the watcher has not seen, as far as they are kept */
    public record Snapshot(
            String id,
            String kind,
            String subject,
            State state,
            Instant startedAt,
            long elapsedMillis,
            List<Stage> stages,
            List<Line> output,
            @Nullable Problem problem,
            long change) {}

    private static final int MAX_STAGES = 1000;
    /** A watcher that is slower than the program loses the oldest lines. */
    private static final int MAX_LINES = 2000;

    private final String id;
    private final String kind;
    private final String subject;
    private final boolean aside;
    private final Instant startedAt = Instant.now();
    private final long beganNanos = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Stage> stages = new ArrayList<>();
    private final Deque<Line> lines = new ArrayDeque<>();
    private long changes;
    private State state = State.RUNNING;
    private @Nullable Problem problem;
    private long endedNanos;
    private volatile boolean cancelled;

    Operation(String id, String kind, String subject, boolean aside) {
        this.id = id;
        this.kind = kind;
        this.subject = subject;
        this.aside = aside;
    }

    public String id() {
        return id;
    }

    /** Whether nobody waits for it. */
    boolean isAside() {
        return aside;
    }

    /** Asks the work to stop; it may take until its next look. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Without its output. */
    public Snapshot snapshot() {
        return snapshot(Long.MAX_VALUE);
    }

    private Snapshot snapshot(long seen) {
        lock.lock();
        try {
            long end = state == State.RUNNING ? System.nanoTime() : endedNanos;
            var now = stages.stream()
                    .map(stage -> stage.state() == State.RUNNING ? measured(stage) : stage)
                    .toList();
            return new Snapshot(
                    id, kind, subject, state, startedAt, millis(end - beganNanos), now, after(seen), problem, changes);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a change after that number, or the bound is over. */
    public Snapshot awaitChange(long seen, long boundMillis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(boundMillis);
            while (changes <= seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return snapshot(seen);
        } finally {
            lock.unlock();
        }
    }

    private List<Line> after(long seen) {
        return seen >= changes
                ? List.of()
                : lines.stream().filter(line -> line.change() > seen).toList();
    }

    void output(String text) {
        lock.lock();
        try {
            if (lines.size() == MAX_LINES) {
                lines.removeFirst();
            }
            lines.add(new Line(text, ++changes));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stage(String name, String text) {
        lock.lock();
        try {
            endStage(State.DONE);
            if (stages.size() < MAX_STAGES) {
                stages.add(new Stage(name, text, null, null, null, State.RUNNING, System.nanoTime(), 0, ++changes));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void text(String text) {
        lock.lock();
        try {
            if (!stages.isEmpty() && stages.getLast().state() == State.RUNNING) {
                Stage last = stages.removeLast();
                stages.add(new Stage(
                        last.name(),
                        text,
                        last.done(),
                        last.total(),
                        last.unit(),
                        State.RUNNING,
                        last.beganNanos(),
                        0,
                        ++changes));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void progress(long done, @Nullable Long total, String unit) {
        lock.lock();
        try {
            if (!stages.isEmpty() && stages.getLast().state() == State.RUNNING) {
                Stage last = stages.removeLast();
                stages.add(new Stage(
                        last.name(), last.text(), done, total, unit, State.RUNNING, last.beganNanos(), 0, ++changes));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void end(State outcome, @Nullable Problem reason) {
        lock.lock();
        try {
            endStage(outcome);
            state = outcome;
            problem = reason;
            endedNanos = System.nanoTime();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void endStage(State outcome) {
        if (!stages.isEmpty() && stages.getLast().state() == State.RUNNING) {
            Stage last = measured(stages.removeLast());
            stages.add(new Stage(
                    last.name(),
                    last.text(),
                    last.done(),
                    last.total(),
                    last.unit(),
                    outcome,
                    last.beganNanos(),
                    last.elapsedMillis(),
                    ++changes));
        }
    }

    private static Stage measured(Stage stage) {
        return new Stage(
                stage.name(),
                stage.text(),
                stage.done(),
                stage.total(),
                stage.unit(),
                stage.state(),
                stage.beganNanos(),
                millis(System.nanoTime() - stage.beganNanos()),
                stage.change());
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
