package banger.cli;

import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameWriter;
import banger.wire.rpc.DaemonMessages;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.Reply;
import banger.wire.rpc.Request;
import banger.wire.rpc.RpcError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A daemon that answers on a real unix socket what a test tells it to. */
public final class FakeDaemon implements AutoCloseable {
    /** Answers one method; what it throws as {@link Refused} becomes an error reply. */
    public interface Handler<P, R> {
        R answer(P params, Peer peer) throws IOException;
    }

    /** Speaks frames once the connection has turned into a stream. */
    public interface Stream {
        void speak(FrameReader reader, FrameWriter writer) throws Exception;
    }

    /** An error reply. */
    public static final class Refused extends RuntimeException {
        private final RpcError error;

        public Refused(ErrorCode code, String message, String hint) {
            error = RpcError.of(code, message, hint);
        }
    }

    private record Entry<P, R>(Method<P, R> method, Handler<P, R> handler) {
        String answer(String params, Peer peer) throws IOException {
            return JsonLines.write(method.result(), handler.answer(JsonLines.read(method.request(), params), peer));
        }
    }

    private final Path socket;
    private final ServerSocketChannel server;
    private final Thread accepting;
    private final Map<String, Entry<?, ?>> entries = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public FakeDaemon(Path socket) throws IOException {
        this.socket = socket;
        Files.createDirectories(socket.getParent());
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        on(Methods.HELLO, (hello, peer) -> new HelloReply(DaemonMessages.PROTOCOL, hello.build(), 0));
        accepting = Thread.ofPlatform().daemon().name("fake-daemon").start(this::accept);
    }

    public <P, R> FakeDaemon on(Method<P, R> method, Handler<P, R> handler) {
        entries.put(method.name(), new Entry<>(method, handler));
        return this;
    }

    /** The names of the methods called so far, hello apart. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() throws IOException {
        leaveSocketBehind();
        Files.deleteIfExists(socket);
    }

    /** Ends as a killed daemon does: nobody listens, and the socket's file is still there. */
    public void leaveSocketBehind() throws IOException {
        server.close();
        try {
            // The kernel has it listen for as long as the thread is inside of accept(2).
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofPlatform().daemon().name("fake-peer").start(() -> new Peer(channel).serve());
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    /** The daemon's end of one connection. */
    public final class Peer {
        private final SocketChannel channel;
        private Stream stream;

        private Peer(SocketChannel channel) {
            this.channel = channel;
        }

        public void notify(StageEvent event) throws IOException {
            send(Reply.notification(Methods.STAGE, JsonLines.write(StageEvent.class, event)));
        }

        /** What to speak behind the reply. */
        public void thenStream(Stream next) {
            stream = next;
        }

        /** Breaks the connection off. */
        public void hangUp() throws IOException {
            channel.close();
        }

        private void serve() {
            try (channel) {
                while (stream == null) {
                    answer(JsonLines.readRequest(readLine()));
                }
                stream.speak(new FrameReader(channel), new FrameWriter(channel));
            } catch (Exception e) {
                // The client left, or the test hung up on it; what the test looks at is the client.
            }
        }

        private void answer(Request request) throws IOException {
            Entry<?, ?> entry = entries.get(request.method());
            if (!request.method().equals("hello")) {
                calls.add(request.method());
            }
            try {
                if (entry == null) {
                    throw new Refused(ErrorCode.UNKNOWN_METHOD, "no method " + request.method(), null);
                }
                send(Reply.ofResult(request.id(), entry.answer(request.params(), this)));
            } catch (Refused e) {
                send(Reply.ofError(request.id(), e.error));
            }
        }

        private String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (true) {
                one.clear();
                if (channel.read(one) < 0) {
                    throw new IOException("the client left");
                }
                if (one.get(0) == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(one.get(0));
            }
        }

        private void send(Reply reply) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap((JsonLines.write(reply) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
