package banger.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import banger.daemon.rpc.DaemonProbe.Answer;
import banger.wire.rpc.DaemonMessages.DaemonStatus;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Reply;
import banger.wire.rpc.RpcError;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonProbeTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void withoutASocketThereIsNoDaemonAndNoneIsStarted() throws IOException {
        assertEquals(new Answer.Absent(), DaemonProbe.ask(folder.resolve("none.sock"), LONG));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aSocketThatNobodyListensOnIsDeserted() throws IOException {
        Path socket = folder.resolve("d.sock");
        listen(socket).close();
        assertEquals(new Answer.Deserted(), DaemonProbe.ask(socket, LONG));
    }

    @Test
    void aDaemonTellsItsBuildAndWhatIsUnderWay() throws IOException {
        String hello = JsonLines.write(HelloReply.class, new HelloReply(1, "2026-build", 77));
        String status = JsonLines.write(
                DaemonStatus.class,
                new DaemonStatus("2026-build", 1, 77, "", "", "", "", "", "qemu", "", 1, 2, 2, 1, 4));
        assertEquals(
                new Answer.Running("2026-build", 77, 3),
                askServerThatSays(
                        JsonLines.write(Reply.ofResult(1, hello)), JsonLines.write(Reply.ofResult(2, status))));
    }

    @Test
    void anErrorIsPassedOn() throws IOException {
        String error =
                JsonLines.write(Reply.ofError(1L, RpcError.of(ErrorCode.INCOMPATIBLE, "speaks protocol 9", null)));
        assertEquals(new Answer.Unintelligible("speaks protocol 9"), askServerThatSays(error));
    }

    @Test
    void garbageHalfALineAndSilenceAreNoDaemon() throws IOException {
        assertInstanceOf(Answer.Unintelligible.class, askServerThatSays("HTTP/1.1 400 Bad Request"));
        assertInstanceOf(Answer.Unintelligible.class, askServerThatSays("{}"));
        assertInstanceOf(Answer.Unintelligible.class, askServerThatSays("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}"));
        assertEquals(new Answer.Unintelligible("it hung up"), askServerThatSays());
        assertEquals(new Answer.Unintelligible("its answer has no end"), askServerThatSays("x".repeat(2 << 20)));
    }

    @Test
    void oneThatNeverAnswersIsGivenUp() throws Exception {
        Path socket = folder.resolve("d.sock");
        CountDownLatch done = new CountDownLatch(1);
        try (ServerSocketChannel server = listen(socket)) {
            Thread.ofVirtual().name("mute").start(() -> {
                try (SocketChannel held = server.accept()) {
                    done.await();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(
                    new Answer.Unintelligible("it did not answer within 50 ms"),
                    DaemonProbe.ask(socket, Duration.ofMillis(50)));
            done.countDown();
        }
        assertFalse(Thread.currentThread().isInterrupted());
    }

    /** Answers each line that it gets with the next of these, then hangs up. */
    private Answer askServerThatSays(String... lines) throws IOException {
        Path socket = folder.resolve("d.sock");
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = listen(socket)) {
            Thread.ofVirtual().name("fake-daemon").start(() -> answer(server, lines));
            return DaemonProbe.ask(socket, LONG);
        }
    }

    private static void answer(ServerSocketChannel server, String... lines) {
        try (SocketChannel client = server.accept()) {
            var in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
            for (String line : lines) {
                in.readLine();
                Channels.newOutputStream(client).write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            if (lines.length == 0) {
                in.readLine();
            }
        } catch (IOException e) {
            // The probe has heard enough and left.
        }
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return server;
    }
}
