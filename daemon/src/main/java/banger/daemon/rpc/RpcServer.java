package banger.daemon.rpc;

import banger.daemon.os.SocketAccess;
import banger.daemon.problem.Problem;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;

/** Listens on the daemon's unix socket; each connection has a virtual thread. */
public final class RpcServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RpcServer.class.getName());
    private static final int MAX_CONNECTIONS = 512;

    private final Path socket;
    private final Router router;
    private final ServerSocketChannel server;
    private final SocketAccess access;
    private final String user = System.getProperty("user.name");
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS);

    private RpcServer(Path socket, Router router, ServerSocketChannel server, SocketAccess access) {
        this.access = access;
        this.socket = socket;
        this.router = router;
        this.server = server;
    }

    /** Listens from here on. The daemon's lock is held, so a socket that is there belongs to nobody. */
    public static RpcServer listen(Path socket, Router router, SocketAccess access) {
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket), MAX_CONNECTIONS);
            access.openSocket(socket);
            return new RpcServer(socket, router, server, access);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED, "cannot listen on " + socket + ": " + e.getMessage(), "banger doctor", e);
        }
    }

    /** Serves until {@link #close}. */
    public void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (free.tryAcquire()) {
                    Thread.ofVirtual().name("client").start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a connection could not be taken: {0}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the socket could not be removed: {0}", e.getMessage());
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var connection = new Connection(client);
            if (!allowed(client)) {
                connection.send(Reply.ofError(
                        null,
                        RpcError.of(ErrorCode.INVALID_REQUEST, "this socket serves user " + user + " only", null)));
                return;
            }
            serveLines(connection);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client went away: {0}", e.getMessage());
        } finally {
            free.release();
        }
    }

    private void serveLines(Connection connection) throws IOException {
        try {
            for (String line = connection.lines().next();
                    line != null;
                    line = connection.lines().next()) {
                if (!router.serve(line, connection)) {
                    return;
                }
            }
        } catch (LineReader.LineTooLongException e) {
            connection.send(
                    Reply.ofError(null, RpcError.of(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), null)));
        }
    }

    /**
     * The kernel says who connected (SO_PEERCRED); the user himself and root may. Where the socket is a group's the
     * kernel has already asked for membership: the peer's credentials name only one of its groups.
     */
    private boolean allowed(SocketChannel client) throws IOException {
        if (access.group() != null) {
            return true;
        }
        String peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        return peer.equals(user) || peer.equals("root");
    }
}
