package banger.daemon.operation;

import banger.daemon.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What long work tells while it goes on, and how it learns that nobody wants it any more.
 *
 * <p>Any thread may call it; calls neither block for long nor throw, but for {@link #checkCancelled()}.
 */
public interface Progress {
    /** A stage begins, and the one before it is over. @param name a stable word @param text one line for a person */
    void stage(String name, String text);

    /** Says the present stage's line anew, as far as it is. */
    default void text(String text) {}

    /** How far the present stage is. @param total where it is known @param unit such as {@code "bytes"} */
    void progress(long done, @Nullable Long total, String unit);

    /** A line of what a program said, which stands by itself and is kept beside the stages. */
    default void output(String line) {}

    boolean cancelled();

    /** @throws Problem CANCELLED where the work was cancelled */
    default void checkCancelled() {
        if (cancelled()) {
            throw new Problem(Problem.Kind.CANCELLED, "cancelled");
        }
    }

    /** Tells nobody and is never cancelled. */
    Progress NONE = new Progress() {
        @Override
        public void stage(String name, String text) {}

        @Override
        public void progress(long done, @Nullable Long total, String unit) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };
}
