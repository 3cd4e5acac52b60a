package banger.cli.progress;

import banger.wire.rpc.OperationMessages.StageEvent;

/** Shows an operation's stages as they come. */
public interface StageDisplay extends AutoCloseable {
    /** A display that shows nothing. */
    StageDisplay SILENT = event -> {};

    void show(StageEvent event);

    /** A line of what a program said. */
    default void output(String line) {}

    /** Leaves the terminal as a next line of output wants it. */
    @Override
    default void close() {}
}
