package banger.daemon.lifecycle;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.lifecycle.Crash.Moment;
import banger.daemon.vm.Machine;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One daemon's hold on a guest; it is worth nothing any more once that daemon has ended. */
final class FakeMachine implements Machine {
    private final FakeGuest guest;
    private final Crash crash;
    private volatile boolean abandoned;

    FakeMachine(FakeGuest guest, Crash crash) {
        this.guest = guest;
        this.crash = crash;
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
            guest.kill();
        }
    }

    @Override
    public void freeze(FrozenMachine to) throws IOException {
        requireHeld();
        crash.at(Moment.BEFORE_PAUSE, guest);
        guest.paused = true;
        crash.at(Moment.PAUSED, guest);
        Files.writeString(to.memory(), guest.memory);
        crash.at(Moment.MEMORY_WRITTEN, guest);
        Files.writeString(to.devices(), "devices");
        crash.at(Moment.DEVICES_WRITTEN, guest);
    }

    @Override
    public void resume() throws IOException {
        requireHeld();
        crash.at(Moment.BEFORE_RESUME, guest);
        guest.paused = false;
        crash.at(Moment.RESUMED, guest);
    }

    private void requireHeld() throws IOException {
        if (!isAlive()) {
            throw new IOException("the machine is gone");
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
