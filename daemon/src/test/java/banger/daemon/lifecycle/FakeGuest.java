package banger.daemon.lifecycle;

import banger.daemon.problem.Problem;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What stands for a VM's process: an agent, and an end. It outlives daemons, as a process does. */
final class FakeGuest {
    final FakeAgent agent = new FakeAgent(this::end);

    final Runtime runtime;
    /** What stands for its memory. */
    volatile String memory = "booted";

    volatile boolean paused;
    /** It waits in the kernel, where no signal ends it. */
    volatile boolean unkillable;

    /** It runs, and its agent says nothing. */
    volatile boolean hung;

    private final Path socket;
    private final CompletableFuture<Void> exited = new CompletableFuture<>();
    private final AtomicReference<@Nullable SocketChannel> guestEnd = new AtomicReference<>();

    FakeGuest(Runtime runtime, Path socket) {
        this.runtime = runtime;
        this.socket = socket;
    }

    /** A new connection to the agent; an earlier one is dead then. */
    ByteChannel connect() throws IOException {
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            SocketChannel host = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            SocketChannel guest = server.accept();
            SocketChannel earlier = guestEnd.getAndSet(guest);
            if (earlier != null) {
                earlier.close();
            }
            if (hung) {
                guest.close();
            } else {
                agent.serve(guest);
            }
            return host;
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    /** The stream breaks while the machine lives. */
    void breakStream() {
        SocketChannel stream = guestEnd.getAndSet(null);
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The machine ends, by itself or from outside. */
    void end() {
        exited.complete(null);
        breakStream();
    }

    /** @throws Problem where it cannot be killed */
    void kill() {
        if (unkillable && isAlive()) {
            throw new Problem(Problem.Kind.FAILED, "the fake still lives", "wait");
        }
        end();
    }

    boolean isAlive() {
        return !exited.isDone();
    }

    CompletableFuture<Void> exited() {
        return exited.copy();
    }
}
