package banger.daemon.os;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Connects to unix sockets of programs that may still be starting, and tells who is at the other end. */
public final class UnixSocket {
    private static final long RETRY_MILLIS = 2;

    private UnixSocket() {}

    /** Whether the process at the other end runs as that user; a listener's is the user that it was made by. */
    public static boolean peerIs(SocketChannel channel, long user) throws IOException {
        var users = FileSystems.getDefault().getUserPrincipalLookupService();
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return peer.user().equals(users.lookupPrincipalByName(Long.toString(user)));
    }

    /**
     * A connection as soon as the socket takes one.
     *
     * @param worthWaiting false once nobody will ever listen, such as when the program has died
     */
    public static SocketChannel connect(Path path, Duration bound, BooleanSupplier worthWaiting) throws IOException {
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (System.nanoTime() > end || !worthWaiting.getAsBoolean()) {
                    throw new IOException("nobody listens on " + path + ": " + e.getMessage(), e);
                }
            }
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + path, e);
            }
        }
    }
}
