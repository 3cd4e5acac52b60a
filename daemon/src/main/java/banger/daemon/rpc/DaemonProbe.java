package banger.daemon.rpc;

import banger.wire.Build;
import banger.wire.rpc.DaemonMessages;
import banger.wire.rpc.DaemonMessages.DaemonStatus;
import banger.wire.rpc.DaemonMessages.Hello;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import banger.wire.rpc.VmMessages.SilentVms;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks whoever listens on the daemon's socket who it is; starts nothing and changes nothing. */
public final class DaemonProbe {
    private static final int MAX_REPLY_CHARS = 1 << 20;

    private DaemonProbe() {}

    /** What was found at the socket. */
    public sealed interface Answer {
        /** No socket: no daemon runs. */
        record Absent() implements Answer {}

        /** A socket that nobody listens on: its daemon died. */
        record Deserted() implements Answer {}

        /** Somebody listens, and did not answer as a daemon does. */
        record Unintelligible(String reason) implements Answer {}

        /** @param operations all that are under way, the daemon's own too */
        record Running(String build, long pid, int operations) implements Answer {}
    }

    public static Answer ask(Path socket, Duration bound) {
        if (!Files.exists(socket)) {
            return new Answer.Absent();
        }
        try {
            return converse(socket, bound, talk -> {
                DaemonStatus status = talk.call(Methods.DAEMON_STATUS, new Nothing());
                int operations = status.operationsRunning() + status.operationsAside();
                return new Answer.Running(talk.daemon.build(), talk.daemon.pid(), operations);
            });
        } catch (java.net.ConnectException e) {
            return new Answer.Deserted();
        } catch (IOException | RuntimeException e) {
            return new Answer.Unintelligible(String.valueOf(e.getMessage()));
        }
    }

    /**
     * How a daemon's running VMs answer it.
     *
     * @param silent the names of those that do not
     */
    public record Guests(int running, List<String> silent) {}

    public static Guests guests(Path socket, Duration bound) throws IOException {
        SilentVms found = converse(socket, bound, talk -> talk.call(Methods.VM_SILENT, new Nothing()));
        return new Guests(found.running(), found.names());
    }

    private interface Question<T> {
        T ask(Conversation talk) throws IOException;
    }

    private static <T> T converse(Path socket, Duration bound, Question<T> question) throws IOException {
        AtomicBoolean answered = new AtomicBoolean();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Thread watchdog = Thread.ofVirtual().name("daemon-probe-watchdog").start(() -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(bound.toNanos());
                    if (!answered.get()) {
                        // Wakes the reader: a channel has no read timeout of its own.
                        channel.close();
                    }
                } catch (InterruptedException | IOException e) {
                    // The conversation has ended, and the channel with it.
                }
            });
            try {
                return question.ask(new Conversation(channel));
            } catch (java.nio.channels.AsynchronousCloseException e) {
                throw new IOException("it did not answer within " + bound.toMillis() + " ms", e);
            } finally {
                answered.set(true);
                watchdog.interrupt();
            }
        }
    }

    /** A connection on which both have said hello. */
    private static final class Conversation {
        private final SocketChannel channel;
        private final BufferedReader lines;
        private final HelloReply daemon;
        private long calls;

        Conversation(SocketChannel channel) throws IOException {
            this.channel = channel;
            lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            daemon = call(
                    Methods.HELLO,
                    new Hello(DaemonMessages.PROTOCOL, Build.current().id()));
        }

        <P, R> R call(Method<P, R> method, P params) throws IOException {
            return DaemonProbe.call(channel, lines, ++calls, method, params);
        }
    }

    private static <P, R> R call(SocketChannel channel, BufferedReader lines, long id, Method<P, R> method, P params)
            throws IOException {
        String request = JsonLines.writeRequest(id, method, params) + "\n";
        Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.UTF_8));
        Reply reply = JsonLines.readReply(line(lines));
        RpcError error = reply.error();
        if (error != null) {
            throw new IOException(error.message());
        }
        String result = reply.result();
        if (result == null) {
            throw new IOException("its answer to " + method.name() + " is empty");
        }
        return JsonLines.read(method.result(), result);
    }

    private static String line(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = lines.read(); next != '\n'; next = lines.read()) {
            if (next < 0) {
                throw new IOException("it hung up");
            }
            if (line.length() >= MAX_REPLY_CHARS) {
                throw new IOException("its answer has no end");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
