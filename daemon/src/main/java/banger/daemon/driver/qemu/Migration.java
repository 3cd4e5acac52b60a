package banger.daemon.driver.qemu;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Moves the state of a machine's devices out of and into QEMU by its migration, whose memory part is left out: that
 * lies in a file which both sides map ({@code x-ignore-shared}).
 *
 * <p>The stream goes over a unix socket, as QEMU's sandbox forbids it to start a program for it.
 */
final class Migration {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long MAX_DEVICES_BYTES = 256L << 20;

    private final Qmp monitor;
    private final Path socket;

    Migration(Qmp monitor, Path socket) {
        this.monitor = monitor;
        this.socket = socket;
    }

    /** Stops the guest and writes its devices' state to the file. */
    void out(Path devices) throws IOException {
        prepare();
        monitor.run("stop", Map.of());
        Files.deleteIfExists(socket);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            monitor.run("migrate", Map.of("uri", "unix:" + socket));
            try (SocketChannel from = server.accept();
                    FileChannel to =
                            FileChannel.open(devices, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                copy(from, to);
                to.force(true);
            }
        } finally {
            Files.deleteIfExists(socket);
        }
        awaitCompletion();
    }

    /** Gives a machine that was started with {@code -incoming defer} its devices' state, and lets it run. */
    void in(Path devices, Duration bound) throws IOException {
        prepare();
        monitor.run("migrate-incoming", Map.of("uri", "unix:" + socket));
        try (SocketChannel to = banger.daemon.os.UnixSocket.connect(socket, bound, () -> true);
                FileChannel from = FileChannel.open(devices, StandardOpenOption.READ)) {
            copy(from, to);
        } finally {
            Files.deleteIfExists(socket);
        }
        awaitCompletion();
        monitor.run("cont", Map.of());
    }

    private void prepare() throws IOException {
        var shared = Map.of("capability", "x-ignore-shared", "state", true);
        var events = Map.of("capability", "events", "state", true);
        monitor.run("migrate-set-capabilities", Map.of("capabilities", List.of(shared, events)));
    }

    private void awaitCompletion() throws IOException {
        while (true) {
            Object status = monitor.await("MIGRATION").get("status");
            if ("completed".equals(status)) {
                return;
            }
            if ("failed".equals(status)) {
                throw new IOException("qemu could not move the state of the machine's devices");
            }
        }
    }

    private static void copy(java.nio.channels.ReadableByteChannel from, java.nio.channels.WritableByteChannel to)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long copied = 0;
        while (from.read(buffer) >= 0) {
            buffer.flip();
            copied += buffer.remaining();
            if (copied > MAX_DEVICES_BYTES) {
                throw new IOException(
                        "the state of the machine's devices has more than " + MAX_DEVICES_BYTES + " bytes");
            }
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }
}
