package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The other end of an agent's stream, on a real socket, which says what a test tells it to. */
final class ScriptedAgent implements AutoCloseable {
    private final Path folder = Files.createTempDirectory(Path.of("/tmp"), "agent");
    private final SocketChannel host;
    private final SocketChannel agent;

    ScriptedAgent() throws IOException {
        Path socket = folder.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            host = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            agent = server.accept();
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    /** A session whose hello was answered. */
    AgentSession greet() throws IOException {
        AgentSession session = AgentSession.begin("test", host);
        Frame hello = new FrameReader(agent).next();
        PayloadReader fields = hello.read();
        var answer = new PayloadWriter()
                .raw(fields.raw(16))
                .raw(fields.raw(16))
                .u16(1)
                .strings(List.of("exec"))
                .string("0.1.0")
                .string("boot");
        new FrameWriter(agent).write(answer.frame(Frame.SESSION, FrameType.HELLO));
        session.hello(Duration.ofSeconds(30));
        return session;
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            agent.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        host.close();
        agent.close();
    }
}
