package banger.daemon.driver.qemu;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.HostProcess;
import banger.daemon.os.LastLines;
import banger.daemon.os.ProcessMemory;
import banger.daemon.os.UnixSocket;
import banger.daemon.vm.Machine;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A running QEMU process. */
final class QemuMachine implements Machine {
    private static final int LAST_LINES = 5;
    private static final Duration MONITOR_BOUND = Duration.ofSeconds(30);

    private final Runtime runtime;
    private final HostProcess process;
    private final QemuFiles files;
    /** The connection that proved that the program is up; the first session takes it over. */
    private final AtomicReference<@Nullable SocketChannel> first = new AtomicReference<>();

    QemuMachine(Runtime runtime, QemuFiles files) {
        this.runtime = runtime;
        this.files = files;
        process = new HostProcess(runtime.pid(), runtime.startTicks());
    }

    @Override
    public Runtime runtime() {
        return runtime;
    }

    @Override
    public ByteChannel connectAgent(Duration bound) throws IOException {
        SocketChannel ready = first.getAndSet(null);
        return ready != null ? ready : UnixSocket.connect(files.agentSocket(), bound, process::isAlive);
    }

    /** Waits until the program takes the agent's stream. */
    void awaitStart(Duration bound) throws IOException {
        first.set(UnixSocket.connect(files.agentSocket(), bound, process::isAlive));
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
    }

    @Override
    public void freeze(FrozenMachine to) throws IOException {
        ProcessMemory memory = ProcessMemory.find(runtime.pid(), memoryBytes());
        memory.copyBase(to.memory());
        try (Qmp monitor = monitor()) {
            // It has the disks flushed, too.
            monitor.run("stop", Map.of());
            DeviceState.save(monitor, to.devices());
        }
        memory.copyOwn(to.memory());
    }

    @Override
    public void freezeForCopies(FrozenMachine to) throws IOException {
        ProcessMemory memory = ProcessMemory.find(runtime.pid(), memoryBytes());
        if (!memory.linkBase(to.memory())) {
            freeze(to);
            return;
        }
        try (Qmp monitor = monitor()) {
            monitor.run("stop", Map.of());
            DeviceState.save(monitor, to.devices());
        }
        memory.saveOwn(to.changes());
    }

    @Override
    public void resume() throws IOException {
        try (Qmp monitor = monitor()) {
            monitor.run("cont", Map.of());
        }
    }

    /** Gives a machine that waits for it, and has mapped the frozen one's memory, what else there is of that one. */
    void restore(FrozenMachine origin) throws IOException {
        // The monitor greets once the machine is made, its memory mapped.
        try (Qmp monitor = monitor()) {
            if (Files.exists(origin.changes())) {
                ProcessMemory.find(runtime.pid(), memoryBytes()).apply(origin.changes());
            }
            DeviceState.load(monitor, origin.devices(), files.migrationSocket(), MONITOR_BOUND);
        }
    }

    private long memoryBytes() throws IOException {
        String[] line = HostProcess.commandLine(runtime.pid());
        int at = List.of(line).indexOf("-m");
        if (at < 0) {
            throw new IOException("process " + runtime.pid() + " is gone");
        }
        return Long.parseLong(line[at + 1].substring(0, line[at + 1].length() - 1)) << 20;
    }

    @Override
    public void resizeDisk(String id, long bytes) throws IOException {
        try (Qmp monitor = monitor()) {
            monitor.run("block_resize", Map.of("device", id, "size", bytes));
        }
    }

    @Override
    public boolean takesOverlays() {
        return true;
    }

    @Override
    public void cover(String disk, Path overlay) throws IOException {
        try (Qmp monitor = monitor()) {
            monitor.run(
                    "blockdev-snapshot-sync",
                    Map.of("device", disk, "snapshot-file", overlay.toString(), "format", "qcow2", "mode", "existing"));
        }
    }

    @Override
    public boolean isOn(String disk, Path file) throws IOException {
        try (Qmp monitor = monitor()) {
            return monitor.list("query-block").stream()
                    .filter(block -> disk.equals(block.get("device")))
                    .anyMatch(block -> block.get("inserted") instanceof Map<?, ?> inserted
                            && file.toString().equals(inserted.get("file")));
        }
    }

    private Qmp monitor() throws IOException {
        return new Qmp(UnixSocket.connect(files.monitorSocket(), MONITOR_BOUND, process::isAlive));
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
