package banger.daemon.driver.firecracker;

import banger.daemon.os.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over a unix socket, as much of it as Firecracker's server speaks (RFC 9112): a connection for each request,
 * bodies by Content-Length only, a bound on every length and one deadline for the whole exchange.
 */
final class ApiHttp {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;

    private final Path socket;
    private final long user;
    private final BooleanSupplier worthWaiting;

    /**
     * @param user whom the server must run as: a jailed process could put another's socket in the place of its own
     * @param worthWaiting false once nobody will ever answer, such as when the program has died
     */
    ApiHttp(Path socket, long user, BooleanSupplier worthWaiting) {
        this.socket = socket;
        this.user = user;
        this.worthWaiting = worthWaiting;
    }

    /** What the server said; {@code body} is empty where there is none. */
    record Answer(int status, byte[] body) {
        boolean succeeded() {
            return status >= OK && status < 300;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** @throws IOException where no whole, well-formed answer comes within the bound */
    Answer exchange(String method, String path, @Nullable String body, Duration bound) throws IOException {
        long deadline = System.nanoTime() + bound.toNanos();
        try (SocketChannel channel = UnixSocket.connect(socket, bound, worthWaiting);
                Selector selector = Selector.open()) {
            if (!UnixSocket.peerIs(channel, user)) {
                throw new IOException("the socket is not that of the process");
            }
            channel.configureBlocking(false);
            var line = new Line(channel, channel.register(selector, 0), deadline, bound);
            line.send(request(method, path, body));
            return line.answer();
        }
    }

    private static ByteBuffer request(String method, String path, @Nullable String body) {
        byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        var head =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n");
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(content.length)
                    .append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + content.length)
                .put(start)
                .put(content)
                .flip();
    }

    /** One exchange under way. */
    private static final class Line {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final long deadline;
        private final Duration bound;
        /** What was read; from 0 to its position. */
        private ByteBuffer read = ByteBuffer.allocate(MAX_HEAD_BYTES);

        Line(SocketChannel channel, SelectionKey key, long deadline, Duration bound) {
            this.channel = channel;
            this.key = key;
            this.deadline = deadline;
            this.bound = bound;
        }

        void send(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        }

        Answer answer() throws IOException {
            int end = headEnd();
            String[] lines = new String(read.array(), 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
            int status = status(lines[0]);
            int length = status == NO_CONTENT ? 0 : contentLength(lines);
            int start = end + 4;
            if (read.capacity() < start + length) {
                read = ByteBuffer.allocate(start + length).put(read.flip());
            }
            while (read.position() < start + length) {
                fill();
            }
            return new Answer(status, Arrays.copyOfRange(read.array(), start, start + length));
        }

        /** Where the empty line begins that ends the head. */
        private int headEnd() throws IOException {
            for (int from = 0; ; ) {
                for (; from + 4 <= read.position(); from++) {
                    if (read.getInt(from) == 0x0d0a0d0a) {
                        return from;
                    }
                }
                if (!read.hasRemaining()) {
                    throw new IOException("an answer whose head has more than " + MAX_HEAD_BYTES + " bytes");
                }
                fill();
            }
        }

        private static int status(String line) throws IOException {
            if (!line.matches("HTTP/1\\.[01] [2-5]\\d\\d( .*)?")) {
                throw new IOException("an answer that is not HTTP/1.1");
            }
            return Integer.parseInt(line.substring(9, 12));
        }

        private static int contentLength(String[] lines) throws IOException {
            int length = 0;
            for (int i = 1; i < lines.length; i++) {
                String[] field = lines[i].split(":", 2);
                String name = field[0].toLowerCase(Locale.ROOT);
                if (field.length < 2 || name.equals("transfer-encoding")) {
                    throw new IOException("an answer with the header \"" + lines[i] + "\"");
                }
                if (name.equals("content-length")) {
                    String value = field[1].strip();
                    length = value.matches("\\d{1,7}") ? Integer.parseInt(value) : Integer.MAX_VALUE;
                    if (length > MAX_BODY_BYTES) {
                        throw new IOException("an answer of " + value + " bytes, at most " + MAX_BODY_BYTES);
                    }
                }
            }
            return length;
        }

        private void fill() throws IOException {
            int count = channel.read(read);
            if (count < 0) {
                throw new EOFException("the connection ended before the answer did");
            }
            if (count == 0) {
                await(SelectionKey.OP_READ);
            }
        }

        private void await(int operation) throws IOException {
            key.interestOps(operation);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || key.selector().select(left) == 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("interrupted while waiting for an answer");
                }
                throw new IOException("no answer within " + bound.toMillis() + " ms");
            }
            key.selector().selectedKeys().clear();
        }
    }
}
