package banger.daemon.oci;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of a registry that end where nobody wants them any more, or nothing has moved for a while: the library bounds no
 * more than the connecting. Each runs in a thread of its own, which is interrupted and left then. For one caller.
 */
final class RegistryCalls {
    /** What a registry is asked, or gives. */
    interface Call<T> {
        T run() throws IOException;
    }

    private static final long LOOK_MILLIS = 100;

    private final String registry;
    private final Duration bound;
    private final Progress progress;
    private volatile long movedNanos;

    /** @param registry what messages call it @param bound how long nothing may move */
    RegistryCalls(String registry, Duration bound, Progress progress) {
        this.registry = registry;
        this.bound = bound;
        this.progress = progress;
    }

    /** @throws Problem CANCELLED, or FAILED where it has stalled; else what the call throws */
    <T> T run(Call<T> call) throws IOException {
        progress.checkCancelled();
        movedNanos = System.nanoTime();
        var task = new FutureTask<>(call::run);
        Thread.ofVirtual().name("registry " + registry).start(task);
        try {
            while (true) {
                try {
                    return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    progress.checkCancelled();
                    checkMoved();
                }
            }
        } catch (ExecutionException e) {
            throw reason(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "interrupted while waiting for the registry " + registry);
        } finally {
            task.cancel(true);
        }
    }

    /** The stream, each byte of which counts as movement. */
    InputStream watched(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                movedNanos = System.nanoTime();
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                movedNanos = System.nanoTime();
                return in.read(bytes, offset, length);
            }
        };
    }

    private void checkMoved() {
        if (System.nanoTime() - movedNanos > bound.toNanos()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "nothing has moved between here and the registry " + registry + " for " + bound.toSeconds()
                            + " s; given up",
                    "try again when it answers");
        }
    }

    private static IOException reason(ExecutionException e) {
        switch (e.getCause()) {
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case IOException failure -> {
                return failure;
            }
            case null, default -> {
                return new IOException(e.getCause());
            }
        }
    }
}
