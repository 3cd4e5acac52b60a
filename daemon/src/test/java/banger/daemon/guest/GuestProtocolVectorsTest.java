package banger.daemon.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.MalformedFrameException;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of the guest protocol, as the host's end reads and writes them. */
class GuestProtocolVectorsTest {
    private static final Path FILE = Path.of("..", "docs", "guest-protocol-vectors.txt");
    private static final Map<String, byte[]> VECTORS = read();

    private static Map<String, byte[]> read() {
        var vectors = new LinkedHashMap<String, byte[]>();
        try {
            for (String line : Files.readAllLines(FILE)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] words = line.split(" ");
                    vectors.put(words[0], HexFormat.of().parseHex(words[1]));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return vectors;
    }

    static Stream<String> good() {
        return VECTORS.keySet().stream().filter(name -> !name.startsWith("bad-"));
    }

    static Stream<String> badFromTheAgent() {
        return VECTORS.keySet().stream().filter(name -> name.startsWith("bad-agent-"));
    }

    @Test
    void thereAreVectorsOfEverySort() {
        assertTrue(good().count() > 40, () -> "only " + good().count());
        assertTrue(badFromTheAgent().count() > 8);
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodFrameIsReadAndWrittenBackToTheSameBytes(String name) throws IOException {
        assertArrayEquals(VECTORS.get(name), written(frame(VECTORS.get(name))));
    }

    @Test
    void requestsOfTheHostAreTheVectorsBytes() throws IOException {
        assertRequest("open-exec", ExecRequest.of(false, "true"));
        assertRequest(
                "open-exec-full",
                new ExecRequest(
                        List.of("/bin/sh", "-c", "echo $A"),
                        List.of("A=1", "B="),
                        "/srv",
                        "ann",
                        false,
                        true,
                        80,
                        24,
                        false));
        assertRequest(
                "open-exec-terminal",
                new ExecRequest(List.of("bash"), List.of("TERM=xterm"), "", "", true, true, 65_535, 1, false));
        assertRequest(
                "open-exec-mise",
                new ExecRequest(List.of("make"), List.of(), "/root/repo", "", false, false, 0, 0, true));
        assertOpen(
                "open-ready", ChannelKind.READY, p -> p.strings(List.of("agent", "init", "tcp:4096", "path:/run/x")));
        assertOpen(
                "open-write",
                ChannelKind.WRITE,
                p -> p.string("/etc/ssh/key").u32(0600).string(""));
        assertOpen("open-hold", ChannelKind.HOLD, p -> p.u8(1));
        assertOpen(
                "open-adopt-nothing",
                ChannelKind.ADOPT,
                p -> p.string("")
                        .string("")
                        .u64(0)
                        .bytes(new byte[0])
                        .string("")
                        .string("")
                        .bytes(new byte[0])
                        .u32(0));
        assertOpen("open-boot", ChannelKind.BOOT, p -> p);
    }

    @Test
    void answersOfTheAgentHaveTheVectorsFields() throws IOException {
        assertEquals(4711, payload("opened").u32());
        var refused = (AgentException) Refusal.of(frame(VECTORS.get("refused-not-found")));
        assertEquals(AgentException.NOT_FOUND, refused.code());
        assertEquals("cannot execute tru: No such file or directory", refused.getMessage());
        PayloadReader stats = payload("reply-stats");
        assertEquals(2, stats.u32());
        assertEquals("uptime_ms", stats.string());
        assertEquals(1234, stats.u64());
        assertEquals("tasks", stats.string());
        assertEquals(-1, stats.u64());
        stats.end();
        PayloadReader signal = payload("exit-signal");
        assertEquals(1, signal.u8());
        assertEquals(9, signal.u8());
        signal.end();
    }

    static Stream<String> badFrames() {
        // What is wrong inside a HELLO or on its channel is the agent's to find, and the session's.
        return Stream.of("too-long", "longest", "type-0", "type-3", "type-15", "type-28", "type-255")
                .map(name -> "bad-frame-" + name);
    }

    @ParameterizedTest
    @MethodSource("badFrames")
    void aFrameThatBreaksTheRulesIsMalformed(String name) {
        assertThrows(MalformedFrameException.class, () -> frame(VECTORS.get(name)));
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void theBeginningOfAFrameIsNotTakenForOne(String name) {
        assertThrows(EOFException.class, () -> frame(VECTORS.get(name)));
    }

    static Stream<String> incomplete() {
        return VECTORS.keySet().stream().filter(name -> name.startsWith("bad-incomplete-"));
    }

    @ParameterizedTest
    @MethodSource("badFromTheAgent")
    void whatTheAgentMayNotSendEndsTheSession(String name) throws Exception {
        try (var agent = new ScriptedAgent()) {
            AgentSession session = agent.greet();
            var heard = new ArrayList<Frame>();
            session.open(ChannelKind.EXEC, ExecRequest.of(false, "true")::writeTo, new ChannelListener() {
                @Override
                public void frame(Frame frame) {
                    heard.add(frame);
                }

                @Override
                public void lost(String reason) {}
            });
            agent.send(VECTORS.get(name));
            String reason = session.ended().get(30, java.util.concurrent.TimeUnit.SECONDS);
            assertTrue(reason.contains("protocol"), reason);
            assertEquals(List.of(), heard);
        }
    }

    private interface Fields {
        PayloadWriter write(PayloadWriter payload);
    }

    private static void assertRequest(String name, ExecRequest request) throws IOException {
        assertOpen(name, ChannelKind.EXEC, payload -> {
            request.writeTo(payload);
            return payload;
        });
    }

    private static void assertOpen(String name, ChannelKind kind, Fields fields) throws IOException {
        Frame vector = frame(VECTORS.get(name));
        Frame ours = fields.write(new PayloadWriter().u8(kind.code())).frame(vector.channel(), FrameType.OPEN);
        assertArrayEquals(VECTORS.get(name), written(ours), name);
    }

    private static PayloadReader payload(String name) throws IOException {
        return frame(VECTORS.get(name)).read();
    }

    private static Frame frame(byte[] bytes) throws IOException {
        return new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes))).next();
    }

    private static byte[] written(Frame frame) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new FrameWriter(Channels.newChannel(bytes)).write(frame);
        return bytes.toByteArray();
    }
}
