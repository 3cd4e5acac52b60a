package banger.cli.daemon;

import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameWriter;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection to the daemon: calls in turn, and at its end perhaps a stream. For one thread. */
public final class DaemonConnection implements AutoCloseable {
    /** The longest line that either side may send. */
    private static final int MOST_LINE_BYTES = 1 << 20;

    private static final int FIRST_BUFFER_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private ByteBuffer received = ByteBuffer.allocate(FIRST_BUFFER_BYTES).flip();
    private long lastId;

    private DaemonConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and says nothing yet. @throws IOException where nobody listens */
    public static DaemonConnection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new DaemonConnection(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Calls and waits for the reply. @throws RpcFailure where the reply is an error */
    public <P, R> R call(Method<P, R> method, P params) throws IOException {
        return call(method, params, reply -> {
            throw new IOException("the daemon sent \"" + reply.method() + "\" in the middle of " + method.name());
        });
    }

    /** Takes a notification that belongs to the call under way. */
    @FunctionalInterface
    public interface Notified {
        void accept(Reply notification) throws IOException;
    }

    /** Calls, hands the notifications that come before the reply to {@code notified}, and returns the reply. */
    public <P, R> R call(Method<P, R> method, P params, Notified notified) throws IOException {
        long id = ++lastId;
        send(JsonLines.writeRequest(id, method, params));
        while (true) {
            Reply reply = readReply();
            if (reply.method() != null) {
                notified.accept(reply);
                continue;
            }
            RpcError error = reply.error();
            if (error != null) {
                throw new RpcFailure(error);
            }
            String result = reply.result();
            if (reply.id() == null || reply.id() != id || result == null) {
                throw new IOException("the daemon answered another call than " + method.name());
            }
            return JsonLines.read(method.result(), result);
        }
    }

    /** The frames that follow the reply just read; the connection takes no calls from here on. */
    public FrameReader frameReader() {
        return new FrameReader(channel, received);
    }

    public FrameWriter frameWriter() {
        return new FrameWriter(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was left to say on it.
        }
    }

    private void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            try {
                channel.write(bytes);
            } catch (IOException e) {
                throw ended(e);
            }
        }
    }

    private Reply readReply() throws IOException {
        String line = readLine();
        try {
            return JsonLines.readReply(line);
        } catch (RuntimeException e) {
            throw new IOException("the daemon sent what is not a reply: " + e.getMessage());
        }
    }

    private String readLine() throws IOException {
        int scanned = 0;
        while (true) {
            byte[] bytes = received.array();
            for (int at = received.position() + scanned; at < received.limit(); at++) {
                if (bytes[at] == '\n') {
                    String line =
                            new String(bytes, received.position(), at - received.position(), StandardCharsets.UTF_8);
                    received.position(at + 1);
                    return line;
                }
            }
            scanned = received.remaining();
            receiveMore();
        }
    }

    private void receiveMore() throws IOException {
        received.compact();
        if (!received.hasRemaining()) {
            if (received.capacity() >= MOST_LINE_BYTES) {
                throw new IOException("the daemon sent a line of more than " + MOST_LINE_BYTES + " bytes");
            }
            int filled = received.position();
            received =
                    ByteBuffer.wrap(Arrays.copyOf(received.array(), 4 * filled)).position(filled);
        }
        int count;
        try {
            count = channel.read(received);
        } catch (IOException e) {
            throw ended(e);
        }
        received.flip();
        if (count < 0) {
            throw ended(null);
        }
    }

    /** A daemon that is killed resets the connection rather than closing it. */
    private static EOFException ended(@Nullable IOException cause) {
        var failure = new EOFException("the daemon closed the connection");
        failure.initCause(cause);
        return failure;
    }
}
