package banger.daemon.rpc;

import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameWriter;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Method;
import banger.wire.rpc.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One client: lines of JSON, and frames where a method turns the connection into a stream. One thread at a time. */
final class Connection {
    private final SocketChannel channel;
    private final LineReader lines;

    Connection(SocketChannel channel) {
        this.channel = channel;
        lines = new LineReader(channel);
    }

    LineReader lines() {
        return lines;
    }

    <R> void result(long id, Method<?, R> method, R result) throws IOException {
        send(Reply.ofResult(id, JsonLines.write(method.result(), result)));
    }

    void send(Reply reply) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JsonLines.write(reply) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Whoever reads the client finds its end from here on. */
    void endInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // It is closed already, which ends a read as well.
        }
    }

    FrameReader frames() {
        return new FrameReader(channel, lines.rest());
    }

    FrameWriter frameWriter() {
        return new FrameWriter(channel);
    }
}
