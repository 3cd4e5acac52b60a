package banger.daemon.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ProcessEndsTest {
    private static final int PROCESSES = 300;

    /** A child that is just being started shares the descriptors that ends are waited on with. */
    @Test
    void everyEndIsToldWhileOthersAreStarted() throws Exception {
        var done = new AtomicBoolean();
        Thread starter = Thread.ofPlatform().start(() -> startUntil(done));
        try {
            for (int i = 0; i < PROCESSES; i++) {
                Process sleeper = new ProcessBuilder("sleep", "600").start();
                var ended = HostProcess.of(sleeper.pid()).orElseThrow().exited();
                sleeper.destroyForcibly();
                ended.get(20, TimeUnit.SECONDS);
            }
        } finally {
            done.set(true);
            starter.join();
        }
    }

    private static void startUntil(AtomicBoolean done) {
        try {
            while (!done.get()) {
                new ProcessBuilder("true").start().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
