package banger.cli.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.FakeDaemon;
import banger.cli.daemon.Daemon;
import banger.cli.daemon.Places;
import banger.cli.session.CliFailure;
import banger.cli.session.Output;
import banger.wire.Build;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForwardedPortTest {
    @TempDir
    Path folder;

    private final BlockingQueue<String> notes = new LinkedBlockingQueue<>();
    private final Output output = new Output(OutputStream.nullOutputStream(), new Notes());
    private FakeDaemon fake;
    private Daemon daemon;

    @BeforeEach
    void start() throws IOException {
        Places places = new Places(folder.resolve("s"), folder.resolve("log"), folder.resolve("config"), null);
        fake = new FakeDaemon(places.socket());
        daemon = new Daemon(places, output, Build.current(), Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    @Test
    void manyConnectionsAtOnceEachGetTheirOwnBytesBackAndAreHalfClosed() throws Exception {
        echo();
        int port = forward();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> rounds = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                int seed = i;
                Callable<Boolean> round = () -> roundTrip(port, seed);
                rounds.add(threads.submit(round));
            }
            for (Future<Boolean> round : rounds) {
                assertTrue(round.get(60, TimeUnit.SECONDS));
            }
        }
        assertTrue(notes.isEmpty(), notes.toString());
    }

    @Test
    void aConnectionThatTheGuestRefusesEndsAloneAndSaysWhy() throws Exception {
        fake.on(Methods.VM_CONNECT, (connect, peer) -> {
            throw new FakeDaemon.Refused(
                    ErrorCode.FAILED, "cannot connect to 127.0.0.1, port 80: Connection refused", null);
        });
        int port = forward();
        for (int i = 0; i < 2; i++) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals(-1, client.getInputStream().read());
            }
            String note = notes.poll(60, TimeUnit.SECONDS);
            assertEquals(
                    "banger: 127.0.0.1:" + port + ": cannot connect to 127.0.0.1, port 80: Connection refused", note);
        }
    }

    @Test
    void aPortInUseIsAClearError() throws Exception {
        int port = forward();
        CliFailure e = assertThrows(
                CliFailure.class, () -> ForwardedPort.bind(new Forward("127.0.0.1", port, 80), "beta", daemon, output));
        assertEquals("cannot listen on 127.0.0.1:" + port + ": Address already in use", e.text());
    }

    @Test
    void anAddressOfAnotherHostIsAClearError() {
        for (String address : List.of("192.0.2.1", "no.such.host.invalid")) {
            CliFailure e = assertThrows(
                    CliFailure.class, () -> ForwardedPort.bind(new Forward(address, 0, 80), "beta", daemon, output));
            assertTrue(e.text().contains(address), e.text());
        }
    }

    private int forward() throws IOException {
        ForwardedPort port = ForwardedPort.bind(new Forward("127.0.0.1", 0, 80), "beta", daemon, output);
        port.serve();
        return Integer.parseInt(port.address().substring("127.0.0.1:".length()));
    }

    /** Sends more than one window, then the end, and reads it all back until the other side's end. */
    private static boolean roundTrip(int port, int seed) throws Exception {
        byte[] sent = new byte[400_000];
        new Random(seed).nextBytes(sent);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread writing = Thread.startVirtualThread(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            byte[] received = client.getInputStream().readAllBytes();
            writing.join();
            assertArrayEquals(sent, received);
            return true;
        }
    }

    /** A guest that sends back what it gets, within credit both ways, and ends its side when the other has. */
    private void echo() {
        fake.on(Methods.VM_CONNECT, (connect, peer) -> {
            assertEquals("beta 80", connect.vm() + " " + connect.port());
            peer.thenStream((reader, writer) -> {
                long credit = Frame.INITIAL_CREDIT_BYTES;
                boolean ended = false;
                var waiting = new ArrayDeque<Frame>();
                while (!ended || !waiting.isEmpty()) {
                    Frame frame = reader.next();
                    switch (frame.type()) {
                        case DATA -> waiting.add(frame);
                        case CREDIT -> credit += frame.read().u32();
                        case EOF -> ended = true;
                        default -> throw new AssertionError(frame.type());
                    }
                    while (!waiting.isEmpty() && waiting.peek().payload().length <= credit) {
                        Frame next = waiting.remove();
                        credit -= next.payload().length;
                        writer.write(next);
                        writer.write(
                                new PayloadWriter().u32(next.payload().length).frame(1, FrameType.CREDIT));
                    }
                }
                writer.write(Frame.empty(1, FrameType.EOF));
                writer.write(new PayloadWriter().u8(0).u8(0).frame(1, FrameType.EXIT));
            });
            return StreamOpened.of(1, 0);
        });
    }

    /** Takes whole notes. */
    private final class Notes extends OutputStream {
        @Override
        public void write(int single) {
            throw new AssertionError("a note comes in one piece");
        }

        @Override
        public void write(byte[] bytes) {
            notes.add(new String(bytes, StandardCharsets.UTF_8).strip());
        }
    }
}
