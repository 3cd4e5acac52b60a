package banger.daemon.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a session does when the guest's end of its stream breaks the rules. */
class HostileAgentTest {
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final byte[] NO_BYTES = {};

    @TempDir
    Path folder;

    private SocketChannel guest;
    private FrameReader fromHost;
    private FrameWriter toHost;
    private AgentSession session;
    private Frame hello;

    @BeforeEach
    void connect() throws IOException {
        connect(Heartbeat.USUAL);
    }

    private void connect(Heartbeat heartbeat) throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            session = AgentSession.begin("evil", SocketChannel.open(address), heartbeat);
            guest = server.accept();
        }
        fromHost = new FrameReader(guest);
        toHost = new FrameWriter(guest);
        hello = fromHost.next();
    }

    @AfterEach
    void disconnect() throws IOException {
        session.close();
        guest.close();
    }

    private Frame answer(byte[] nonceAndMagic, List<String> capabilities) {
        return new PayloadWriter()
                .raw(nonceAndMagic)
                .u16(1)
                .strings(capabilities)
                .string("agent")
                .string("boot")
                .frame(Frame.SESSION, FrameType.HELLO);
    }

    private byte[] start() {
        return java.util.Arrays.copyOf(hello.payload(), 32);
    }

    private void greet() throws IOException {
        toHost.write(answer(start(), List.of("exec")));
        assertEquals("agent", session.hello(BOUND).agentVersion());
    }

    private String reason() throws Exception {
        return session.ended().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** Hears what comes on one channel. */
    private static final class Ear implements ChannelListener {
        final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<String> lost = new CompletableFuture<>();

        @Override
        public void frame(Frame frame) {
            frames.add(frame);
        }

        @Override
        public void lost(String reason) {
            lost.complete(reason);
        }
    }

    @Test
    void anAgentThatAnswersNoMoreIsGivenUpOnceSomebodyWaitsForIt() throws Exception {
        disconnect();
        Files.delete(folder.resolve("s"));
        connect(new Heartbeat(Duration.ofMillis(20), Duration.ofMillis(100)));
        greet();
        assertThrows(TimeoutException.class, () -> session.ended().get(400, TimeUnit.MILLISECONDS));
        var ear = new Ear();
        session.open(ChannelKind.SYNC, request -> {}, ear);
        assertTrue(reason().contains("has not answered"), reason());
        assertEquals(reason(), ear.lost.get(BOUND.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void whatAnEarlierSessionLeftIsPassedOver() throws IOException {
        byte[] stale = new byte[300_000];
        new Random(4).nextBytes(stale);
        guest.write(ByteBuffer.wrap(stale));
        byte[] otherNonce = start();
        otherNonce[31]++;
        toHost.write(answer(otherNonce, List.of("not", "this")));
        greet();
    }

    @Test
    void noiseInPlaceOfAHelloEndsTheSessionAfterABound() throws Exception {
        Thread noise = Thread.ofVirtual().start(() -> {
            ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
            try {
                while (true) {
                    guest.write(zeros.clear());
                }
            } catch (IOException e) {
                // The host has had enough.
            }
        });
        assertTrue(reason().contains("no hello"), reason());
        assertThrows(AgentException.class, () -> session.hello(BOUND));
        noise.join();
    }

    @Test
    void silenceInPlaceOfAHelloIsWaitedForWithABound() {
        var failure = assertThrows(AgentException.class, () -> session.hello(Duration.ofMillis(50)));
        assertTrue(failure.getMessage().contains("said nothing"), failure.getMessage());
    }

    @Test
    void moreCapabilitiesThanAllowedAreMalformed() throws Exception {
        toHost.write(answer(start(), java.util.Collections.nCopies(65, "x")));
        assertTrue(reason().contains("broke the protocol"), reason());
    }

    /** Frames that no agent may send in a session with channel 1 open. */
    enum Offence {
        UNOPENED_CHANNEL(new Frame(2, FrameType.DATA, new byte[1])),
        NEGATIVE_CHANNEL(new Frame(-1, FrameType.DATA, new byte[1])),
        DATA_ON_THE_SESSION(new Frame(0, FrameType.DATA, new byte[1])),
        SECOND_HELLO(new Frame(0, FrameType.HELLO, new byte[40])),
        ERROR(new PayloadWriter().u16(1).string("you are wrong").frame(0, FrameType.ERROR)),
        HALF_AN_ERROR(new Frame(0, FrameType.ERROR, new byte[1])),
        OPEN_FROM_THE_GUEST(new Frame(3, FrameType.OPEN, new byte[1]));

        final Frame frame;

        Offence(Frame frame) {
            this.frame = frame;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatBreaksTheRulesEndsTheSessionAndTellsEveryChannel(Offence offence) throws Exception {
        greet();
        var ear = new Ear();
        session.open(ChannelKind.EXEC, request -> {}, ear);
        toHost.write(offence.frame);
        assertTrue(reason().contains("broke the protocol"), reason());
        assertEquals(reason(), ear.lost.get(BOUND.toSeconds(), TimeUnit.SECONDS));
        assertFalse(session.isOpen());
        assertThrows(AgentException.class, () -> session.open(ChannelKind.EXEC, request -> {}, new Ear()));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "HELLO", "CLOSE", "SIGNAL", "RESIZE"})
    void aTypeThatIsTheHostsToSendIsMalformedOnAChannelToo(FrameType type) throws Exception {
        greet();
        session.open(ChannelKind.EXEC, request -> {}, new Ear());
        toHost.write(new Frame(1, type, new byte[4]));
        assertTrue(reason().contains("broke the protocol"), reason());
    }

    @Test
    void aLengthBeyondTheBoundIsMalformed() throws Exception {
        greet();
        guest.write(
                ByteBuffer.allocate(9).putInt(65_537).putInt(0).put((byte) 20).flip());
        assertTrue(reason().contains("65537"), reason());
    }

    @Test
    void aLengthOfFourGigabytesIsMalformed() throws Exception {
        greet();
        guest.write(ByteBuffer.allocate(9).putInt(-1).putInt(0).put((byte) 20).flip());
        assertTrue(reason().contains("4294967295"), reason());
    }

    @Test
    void anUnknownTypeIsMalformed() throws Exception {
        greet();
        guest.write(ByteBuffer.allocate(9).putInt(0).putInt(1).put((byte) 99).flip());
        assertTrue(reason().contains("99"), reason());
    }

    @Test
    void moreDataThanItsCreditIsMalformed() throws Exception {
        greet();
        var ear = new Ear();
        session.open(ChannelKind.EXEC, request -> {}, ear);
        toHost.write(new Frame(1, FrameType.OPENED, new byte[4]));
        try {
            for (int i = 0; i < 5; i++) {
                toHost.write(new Frame(1, i % 2 == 0 ? FrameType.DATA : FrameType.DATA_ERR, new byte[65_536]));
            }
        } catch (IOException e) {
            // The host may have hung up at the frame that was too much.
        }
        assertTrue(reason().contains("credit"), reason());
        assertEquals(5, ear.frames.size(), "opened, and four frames that the credit allows");
    }

    @Test
    void framesOfAChannelThatHasEndedAreDropped() throws Exception {
        greet();
        var ear = new Ear();
        session.open(ChannelKind.EXEC, request -> {}, ear).close();
        var next = new Ear();
        session.open(ChannelKind.EXEC, request -> {}, next);
        toHost.write(new Frame(1, FrameType.DATA, new byte[10]), new Frame(1, FrameType.EXIT, new byte[2]));
        toHost.write(new Frame(2, FrameType.EXIT, new byte[2]));
        assertEquals(
                FrameType.EXIT,
                next.frames.poll(BOUND.toSeconds(), TimeUnit.SECONDS).type());
        assertTrue(ear.frames.isEmpty());
        assertTrue(session.isOpen());
    }

    @Test
    void aReplyOfAnotherTypeFailsTheCallAndNotTheSession() throws Exception {
        greet();
        Thread.ofVirtual().start(() -> {
            try {
                fromHost.next();
                toHost.write(new Frame(1, FrameType.EXIT, new byte[2]));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThrows(IOException.class, () -> session.call(ChannelKind.SYNC, request -> {}, BOUND));
        assertTrue(session.isOpen());
    }

    @Test
    void theEndInsideAFrameEndsTheSession() throws Exception {
        greet();
        var ear = new Ear();
        session.open(ChannelKind.EXEC, request -> {}, ear);
        guest.write(ByteBuffer.allocate(9).putInt(100).putInt(1).put((byte) 20).flip());
        guest.close();
        assertTrue(reason().contains("ended"), reason());
        assertEquals(reason(), ear.lost.get(BOUND.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void emptyDataIsMalformed() throws Exception {
        greet();
        session.open(ChannelKind.EXEC, request -> {}, new Ear());
        toHost.write(new Frame(1, FrameType.DATA, NO_BYTES));
        assertTrue(reason().contains("broke the protocol"), reason());
    }
}
