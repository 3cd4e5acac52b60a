package banger.daemon.os;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this host that nobody listens on. */
public final class FreePort {
    private FreePort() {}

    /**
     * The port, or for 0 any, where it can be listened on now.
     *
     * @param address an IP address in numbers
     * @throws IOException where it is taken or the address is not this host's
     */
    public static int check(String address, int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            return socket.getLocalPort();
        }
    }
}
