package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import banger.daemon.os.Privileges;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that says whatever the test wants, to see what the client makes of it. */
@Timeout(60)
class ApiHttpTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("api.sock")));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void anAnswerInPiecesIsWhole() throws IOException {
        answer("HTTP/1.1 2", "00 \r\nContent-Le", "ngth: 4\r\n\r", "\nab", "cd");
        ApiHttp.Answer answer = get();
        assertEquals(200, answer.status());
        assertEquals("abcd", answer.text());
    }

    @Test
    void anAnswerWithoutContentNeedsNoLength() throws IOException {
        answer("HTTP/1.1 204 \r\nServer: Firecracker API\r\nConnection: keep-alive\r\n\r\n");
        assertEquals(204, get().status());
    }

    @Test
    void aLargeAnswerIsRead() throws IOException {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x".repeat(100_000));
        assertEquals(100_000, get().body().length);
    }

    @Test
    void whatIsNotHttpIsRefused() {
        assertRefused("an answer that is not HTTP/1.1", "SSH-2.0-server\r\n\r\n");
    }

    @Test
    void anAnswerBeyondTheBoundIsRefused() {
        assertRefused(
                "an answer of 1048577 bytes, at most 1048576", "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n");
        assertRefused(
                "an answer of 99999999999 bytes, at most 1048576",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    }

    @Test
    void aHeadWithoutEndIsRefused() {
        assertRefused("an answer whose head has more than 8192 bytes", "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9000));
    }

    @Test
    void aChunkedAnswerIsRefused() {
        assertRefused(
                "an answer with the header \"Transfer-Encoding: chunked\"",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void anAnswerThatBreaksOffIsNone() {
        assertRefused("the connection ended before the answer did", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForLong() {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                Thread.sleep(Duration.ofSeconds(30));
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        IOException e =
                assertThrows(IOException.class, () -> client(Privileges.user()).exchange("GET", "/", null, SHORT));
        assertEquals("no answer within 200 ms", e.getMessage());
    }

    @Test
    void anothersSocketInPlaceOfTheProcesssIsNotSpokenTo() throws IOException {
        IOException e = assertThrows(
                IOException.class, () -> client(Privileges.user() + 1).exchange("GET", "/", null, SHORT));
        assertEquals("the socket is not that of the process", e.getMessage());
    }

    private ApiHttp client(long user) {
        return new ApiHttp(folder.resolve("api.sock"), user, () -> true);
    }

    private ApiHttp.Answer get() throws IOException {
        return client(Privileges.user()).exchange("GET", "/", null, Duration.ofSeconds(30));
    }

    private void assertRefused(String reason, String answer) {
        answer(answer);
        assertEquals(reason, assertThrows(IOException.class, this::get).getMessage());
    }

    /** Answers the next connection with these pieces, each sent by itself. */
    private void answer(String... pieces) {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(4096));
                for (String piece : pieces) {
                    client.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
                    Thread.sleep(5);
                }
            } catch (IOException e) {
                // The client had enough.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
