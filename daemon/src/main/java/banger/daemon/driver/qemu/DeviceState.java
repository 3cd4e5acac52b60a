package banger.daemon.driver.qemu;

import banger.daemon.os.UnixSocket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The state of a machine's devices, without its memory, in the format of QEMU's migration.
 *
 * <p>{@code xen-save-devices-state} is QEMU's word for exactly that, and needs no Xen. Other than a migration out it
 * leaves the machine whole: it can go on afterwards.
 */
final class DeviceState {
    private static final long MAX_BYTES = 256L << 20;

    private DeviceState() {}

    /** Of a machine that is stopped. */
    static void save(Qmp monitor, Path to) throws IOException {
        monitor.run("xen-save-devices-state", Map.of("filename", to.toString(), "live", true));
    }

    /**
     * Into a machine that was started with {@code -incoming defer}, which stays stopped.
     *
     * @param socket over which it goes, as QEMU's sandbox forbids it to start a program for it
     */
    static void load(Qmp monitor, Path from, Path socket, Duration bound) throws IOException {
        if (Files.size(from) > MAX_BYTES) {
            throw new IOException(from + " has more than " + MAX_BYTES + " bytes");
        }
        var events = Map.of("capability", "events", "state", true);
        monitor.run("migrate-set-capabilities", Map.of("capabilities", List.of(events)));
        monitor.run("migrate-incoming", Map.of("uri", "unix:" + socket));
        try (SocketChannel to = UnixSocket.connect(socket, bound, () -> true);
                FileChannel state = FileChannel.open(from, StandardOpenOption.READ)) {
            for (long at = 0; at < state.size(); ) {
                at += state.transferTo(at, state.size() - at, to);
            }
        } finally {
            Files.deleteIfExists(socket);
        }
        awaitCompletion(monitor);
    }

    private static void awaitCompletion(Qmp monitor) throws IOException {
        while (true) {
            Object status = monitor.await("MIGRATION").get("status");
            if ("completed".equals(status)) {
                return;
            }
            if ("failed".equals(status)) {
                throw new IOException("qemu could not take the state of the machine's devices");
            }
        }
    }
}
