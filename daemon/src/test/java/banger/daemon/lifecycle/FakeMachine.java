package banger.daemon.lifecycle;

import banger.daemon.vm.Machine;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One daemon's hold on a guest; it is worth nothing any more once that daemon has ended. */
final class FakeMachine implements Machine {
    private final FakeGuest guest;
    private volatile boolean abandoned;

    FakeMachine(FakeGuest guest) {
        this.guest = guest;
    }

    /** The daemon has died, and with it all that it still had to do. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public Runtime runtime() {
        return guest.runtime;
    }

    @Override
    public ByteChannel connectAgent(Duration bound) throws IOException {
        if (!isAlive()) {
            throw new IOException("the machine is gone");
        }
        return guest.connect();
    }

    @Override
    public boolean isAlive() {
        return !abandoned && guest.isAlive();
    }

    @Override
    public CompletableFuture<Void> exited() {
        var told = new CompletableFuture<Void>();
        guest.exited().thenRun(() -> {
            if (!abandoned) {
                told.complete(null);
            }
        });
        return told;
    }

    @Override
    public void kill() {
        if (!abandoned) {
            guest.end();
        }
    }

    @Override
    public Usage usage() {
        return isAlive() ? new Usage(1, 1) : new Usage(0, 0);
    }

    @Override
    public String lastWords() {
        return "the last words";
    }
}
