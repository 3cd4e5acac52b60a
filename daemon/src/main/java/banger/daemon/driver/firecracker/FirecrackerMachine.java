package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.ApiMessages.DriveUpdate;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotCreation;
import banger.daemon.driver.firecracker.ApiMessages.VmState;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.HostProcess;
import banger.daemon.os.LastLines;
import banger.daemon.vm.Machine;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A running Firecracker process. */
final class FirecrackerMachine implements Machine {
    private static final int LAST_LINES = 5;

    private final Runtime runtime;
    private final HostProcess process;
    private final FirecrackerFiles files;
    private final AgentDoor door;
    private final long user;

    /** @param user whom the process runs as */
    FirecrackerMachine(Runtime runtime, FirecrackerFiles files, long user) {
        this.runtime = runtime;
        this.files = files;
        this.user = user;
        process = new HostProcess(runtime.pid(), runtime.startTicks());
        door = new AgentDoor(files.agentSocket(), user, process::isAlive);
    }

    FirecrackerApi api() {
        return new FirecrackerApi(new ApiHttp(files.apiSocket(), user, process::isAlive));
    }

    /** Listens for the guest, so that it finds somebody at its first attempt. */
    void awaitGuest() throws IOException {
        door.open();
    }

    @Override
    public Runtime runtime() {
        return runtime;
    }

    @Override
    public ByteChannel connectAgent(Duration bound) throws IOException {
        return door.accept(bound);
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public CompletableFuture<Void> exited() {
        return process.exited();
    }

    @Override
    public void kill() {
        process.kill();
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files are made where the process works, as a jailed one sees nothing else, and moved. */
    @Override
    public void freeze(FrozenMachine to) throws IOException {
        Path place = process.folder().orElseThrow(() -> new IOException("process " + runtime.pid() + " is gone"));
        for (String name : new String[] {FirecrackerFiles.FROZEN_MEMORY, FirecrackerFiles.FROZEN_STATE}) {
            Files.deleteIfExists(place.resolve(name));
        }
        FirecrackerApi api = api();
        api.become(VmState.PAUSED);
        api.createSnapshot(SnapshotCreation.full(FirecrackerFiles.FROZEN_MEMORY, FirecrackerFiles.FROZEN_STATE));
        take(place.resolve(FirecrackerFiles.FROZEN_MEMORY), to.memory());
        take(place.resolve(FirecrackerFiles.FROZEN_STATE), to.devices());
    }

    /** A jailed process that a guest has taken over could leave a link to a file of the host's instead. */
    static void take(Path made, Path to) throws IOException {
        Files.move(made, to);
        if (!Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(to);
            throw new IOException("the process has left no plain file " + made.getFileName());
        }
    }

    @Override
    public void resume() throws IOException {
        api().become(VmState.RESUMED);
    }

    /** Firecracker asks the file for its size. */
    @Override
    public void resizeDisk(String id, long bytes) throws IOException {
        api().update(new DriveUpdate(id, id + ".ext4", null));
    }

    @Override
    public Usage usage() {
        return new Usage(process.cpuMillis(), process.residentBytes());
    }

    @Override
    public String lastWords() {
        return (LastLines.of(files.log(), LAST_LINES) + LastLines.of(files.console(), LAST_LINES)).strip();
    }
}
