package banger.daemon.driver.firecracker;

import banger.daemon.os.Privileges;
import banger.daemon.os.UnixSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The socket on which the guest's agent comes in: over vsock it is the guest that connects. One thread at a time takes
 * connections; closing is any thread's.
 */
final class AgentDoor implements AutoCloseable {
    private static final int BACKLOG = 8;
    private static final long LOOK_MILLIS = 50;

    private final Path socket;
    private final long user;
    private final BooleanSupplier worthWaiting;
    private @Nullable ServerSocketChannel server;
    private boolean closed;

    /**
     * @param user whom the process runs as that brings the guest's connections
     * @param worthWaiting false once no guest will come any more
     */
    AgentDoor(Path socket, long user, BooleanSupplier worthWaiting) {
        this.socket = socket;
        this.user = user;
        this.worthWaiting = worthWaiting;
    }

    /** Listens from here on, in place of whoever did before; idempotent. */
    synchronized ServerSocketChannel open() throws IOException {
        if (closed) {
            throw new IOException("the machine has been ended");
        }
        ServerSocketChannel open = server;
        if (open == null) {
            Files.deleteIfExists(socket);
            open = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                open.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
                open.configureBlocking(false);
                if (user != Privileges.user()) {
                    Privileges.give(socket, (int) user);
                }
            } catch (IOException e) {
                open.close();
                throw e;
            }
            server = open;
        }
        return open;
    }

    /** The guest's connection: the latest where it has come more than once, as it gives up what it had before. */
    SocketChannel accept(Duration bound) throws IOException {
        ServerSocketChannel door = open();
        long end = System.nanoTime() + bound.toNanos();
        try (Selector selector = Selector.open()) {
            door.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel guest = latest(door);
            while (guest == null) {
                if (System.nanoTime() > end) {
                    throw new IOException("the guest has not connected within " + bound.toSeconds() + " s");
                }
                if (!worthWaiting.getAsBoolean()) {
                    throw new IOException("the machine has ended before its guest connected");
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("interrupted while waiting for the guest");
                }
                selector.select(LOOK_MILLIS);
                selector.selectedKeys().clear();
                guest = latest(door);
            }
            return guest;
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw new IOException("the machine has been ended", e);
        }
    }

    private @Nullable SocketChannel latest(ServerSocketChannel door) throws IOException {
        SocketChannel last = null;
        for (SocketChannel next = door.accept(); next != null; next = door.accept()) {
            if (!UnixSocket.peerIs(next, user)) {
                next.close();
                continue;
            }
            if (last != null) {
                last.close();
            }
            last = next;
        }
        return last;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        ServerSocketChannel open = server;
        if (open != null) {
            open.close();
        }
    }
}
