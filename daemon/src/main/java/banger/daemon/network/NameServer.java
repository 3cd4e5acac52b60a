package banger.daemon.network;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/** Serves DNS on the bridge's own addresses, over UDP and TCP, for the guests and for the host. */
public final class NameServer implements BridgeNetwork.Responder {
    /** What VMs' names end with. */
    public static final String DOMAIN = "banger";

    private static final System.Logger LOG = System.getLogger(NameServer.class.getName());
    private static final int PORT = 53;
    private static final int MAX_BYTES = 65_535;
    /** What is asked beyond that at the same time is not heard, as a lost packet would not be. */
    private static final int MAX_QUERIES = 64;

    private static final Duration IDLE_BOUND = Duration.ofSeconds(5);

    private final Answers answers;
    private final Semaphore free = new Semaphore(MAX_QUERIES);

    public NameServer(Answers answers) {
        this.answers = answers;
    }

    /** An address that cannot be had, as another name server has it, is left out with a warning. */
    @Override
    public Runnable serve(Bridge bridge) {
        var sockets = new ArrayList<AutoCloseable>();
        for (InetAddress address : bridge.gateways()) {
            try {
                var datagrams = new DatagramSocket(new InetSocketAddress(address, PORT));
                sockets.add(datagrams);
                var connections = new ServerSocket(PORT, MAX_QUERIES, address);
                sockets.add(connections);
                Thread.ofVirtual().name("dns-udp").start(() -> receive(datagrams, bridge));
                Thread.ofVirtual().name("dns-tcp").start(() -> accept(connections, bridge));
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "guests have no name server at {0}: {1}",
                        address.getHostAddress(),
                        e.getMessage());
            }
        }
        return () -> sockets.forEach(NameServer::close);
    }

    private void receive(DatagramSocket socket, Bridge bridge) {
        byte[] buffer = new byte[MAX_BYTES];
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                var asker = (InetSocketAddress) packet.getSocketAddress();
                if (free.tryAcquire()) {
                    Thread.ofVirtual().name("dns-query").start(() -> {
                        try {
                            byte[] answer = answers.to(query, bridge, asker.getAddress(), 0);
                            if (answer.length > 0) {
                                socket.send(new DatagramPacket(answer, answer.length, asker));
                            }
                        } catch (IOException e) {
                            LOG.log(System.Logger.Level.DEBUG, "no answer to {0}: {1}", asker, e.getMessage());
                        } finally {
                            free.release();
                        }
                    });
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the name server receives nothing: {0}", e.getMessage());
            }
        }
    }

    private void accept(ServerSocket server, Bridge bridge) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                if (free.tryAcquire()) {
                    Thread.ofVirtual().name("dns-connection").start(() -> {
                        try (socket) {
                            converse(socket, bridge);
                        } catch (IOException e) {
                            LOG.log(System.Logger.Level.DEBUG, "a connection to the name server: {0}", e.getMessage());
                        } finally {
                            free.release();
                        }
                    });
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the name server accepts nothing: {0}", e.getMessage());
            }
        }
    }

    /** Over TCP each message comes after its length (RFC 1035, 4.2.2). */
    private void converse(Socket socket, Bridge bridge) throws IOException {
        socket.setSoTimeout((int) IDLE_BOUND.toMillis());
        var in = new DataInputStream(socket.getInputStream());
        var out = new DataOutputStream(socket.getOutputStream());
        for (int asked = 0; asked < MAX_QUERIES; asked++) {
            byte[] query = in.readNBytes(in.readUnsignedShort());
            byte[] answer = answers.to(query, bridge, socket.getInetAddress(), MAX_BYTES);
            if (answer.length == 0) {
                return;
            }
            out.writeShort(answer.length);
            out.write(answer);
            out.flush();
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "closing the name server: {0}", e.getMessage());
        }
    }
}
