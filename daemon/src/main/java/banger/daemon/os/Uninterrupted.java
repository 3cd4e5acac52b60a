package banger.daemon.os;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs what must come to its end whoever interrupts the thread: an undo, above all. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Returns when the work has ended, in a thread of its own; an interruption meanwhile is kept for later. */
    public static void run(Runnable work) {
        var ended = new CompletableFuture<Void>();
        Thread.ofVirtual().name(Thread.currentThread().getName()).start(() -> {
            try {
                work.run();
                ended.complete(null);
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
            }
        });
        try {
            ended.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
