package banger.daemon.driver.qemu;

import banger.daemon.os.HostProcess;
import banger.daemon.os.LastLines;
import banger.daemon.os.UnixSocket;
import banger.daemon.vm.Machine;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
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
    public void freeze(Path devices) throws IOException {
        try (Qmp monitor = monitor()) {
            new Migration(monitor, files.migrationSocket()).out(devices);
        }
    }

    /** Gives a machine that waits for it the state of a frozen one's devices, and lets it run. */
    void restore(Path devices) throws IOException {
        try (Qmp monitor = monitor()) {
            new Migration(monitor, files.migrationSocket()).in(devices, MONITOR_BOUND);
        }
    }

    @Override
    public void resizeDisk(String id, long bytes) throws IOException {
        try (Qmp monitor = monitor()) {
            monitor.run("block_resize", Map.of("device", id, "size", bytes));
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
