package banger.cli.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeDaemon;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExecTest {
    private static final int CHANNEL = 1;

    @TempDir
    Path folder;

    private Cli cli;
    private final BlockingQueue<Exec> requests = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
    }

    @Test
    void standardOutputAndStandardErrorStayApartAndBinaryClean() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        guest((reader, writer) -> {
            writer.write(new Frame(CHANNEL, FrameType.DATA_ERR, "oops\n".getBytes(StandardCharsets.UTF_8)));
            writer.write(new Frame(CHANNEL, FrameType.DATA, all), exit(0, 0));
        });
        Cli.Result result = cli.run("vm", "exec", "beta", "cat");
        assertEquals(0, result.code());
        assertArrayEquals(all, result.out());
        assertEquals("oops\n", result.err());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 125, 255})
    void theExitCodeIsTheCommandsOwn(int code) {
        guest((reader, writer) -> writer.write(exit(0, code)));
        assertEquals(code, cli.run("vm", "exec", "beta", "true").code());
    }

    @Test
    void aSignalsNumberIsAddedTo128() {
        guest((reader, writer) -> writer.write(exit(1, 9)));
        assertEquals(137, cli.run("vm", "exec", "beta", "true").code());
    }

    @ParameterizedTest
    @CsvSource({
        "COMMAND_NOT_FOUND,127",
        "COMMAND_NOT_EXECUTABLE,126",
        "NOT_FOUND,125",
        "WRONG_STATE,125",
        "INTERNAL,125"
    })
    void aRefusalHasTheCodeOfItsReason(ErrorCode error, int code) {
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            throw new FakeDaemon.Refused(error, "no such thing", "banger ps");
        });
        Cli.Result result = cli.run("vm", "exec", "beta", "nothing");
        assertEquals(code, result.code());
        String neverRan = code == 125 ? " (the command never ran)" : "";
        assertEquals("banger: no such thing" + neverRan + "\n  try: banger ps\n", result.err());
    }

    @Test
    void thatACommandNeverRanIsSaidOnce() {
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            throw new FakeDaemon.Refused(ErrorCode.FAILED, "vm beta: id never ran: no user ann in the guest", null);
        });
        Cli.Result result = cli.run("vm", "exec", "-u", "ann", "beta", "id");
        assertEquals(125, result.code());
        assertEquals("banger: vm beta: id never ran: no user ann in the guest\n", result.err());
    }

    @Test
    void aBrokenStreamLeavesTheOutcomeUnknown() {
        guest((reader, writer) -> writer.write(new Frame(CHANNEL, FrameType.DATA, new byte[] {'x'})));
        Cli.Result result = cli.run("vm", "exec", "beta", "make");
        assertEquals(125, result.code());
        assertEquals("x", result.text());
        assertTrue(result.err().contains("the daemon closed the connection"), result.err());
        assertTrue(result.err().contains("outcome unknown"), result.err());
    }

    @Test
    void aBrokenGuestIsToldWithItsReason() {
        guest((reader, writer) -> writer.write(
                new PayloadWriter().u16(9).string("the agent went away").frame(Frame.SESSION, FrameType.ERROR)));
        Cli.Result result = cli.run("vm", "exec", "beta", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("the agent went away (outcome unknown"), result.err());
    }

    @Test
    void aConnectionThatBreaksBeforeTheReplyLeavesTheOutcomeUnknown() {
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            peer.hangUp();
            throw new IOException("hung up");
        });
        Cli.Result result = cli.run("vm", "exec", "beta", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("outcome unknown"), result.err());
    }

    @Test
    void standardInputArrivesWholeAndWithinItsCredit() {
        byte[] input = new byte[1_500_000];
        new Random(7).nextBytes(input);
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        guest((reader, writer) -> {
            long credit = Frame.INITIAL_CREDIT_BYTES;
            while (true) {
                Frame frame = reader.next();
                if (frame.type() == FrameType.EOF) {
                    writer.write(exit(0, 0));
                    return;
                }
                assertEquals(FrameType.DATA, frame.type());
                credit -= frame.payload().length;
                arrived.writeBytes(frame.payload());
                if (credit < 0) {
                    writer.write(exit(0, 99));
                    return;
                }
                if (credit == 0) {
                    credit = 100_000;
                    writer.write(new PayloadWriter().u32(credit).frame(CHANNEL, FrameType.CREDIT));
                }
            }
        });
        Cli.Result result = cli.input(new ByteArrayInputStream(input)).run("vm", "exec", "-i", "beta", "cat");
        assertEquals(0, result.code(), result.err());
        assertArrayEquals(input, arrived.toByteArray());
    }

    @Test
    void creditIsGrantedForWhatHasBeenWrittenOutAndNoMore() {
        byte[] block = new byte[Frame.MAX_PAYLOAD_BYTES];
        int blocks = 40;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BlockingQueue<String> faults = new LinkedBlockingQueue<>();
        guest((reader, writer) -> {
            long sent = 0;
            long granted = Frame.INITIAL_CREDIT_BYTES;
            for (int i = 0; i < blocks; i++) {
                while (granted - sent < block.length) {
                    Frame frame = reader.next();
                    granted += frame.read().u32();
                    if (granted - Frame.INITIAL_CREDIT_BYTES > out.size()) {
                        faults.add("granted " + granted + " with " + out.size() + " written");
                    }
                }
                writer.write(new Frame(CHANNEL, FrameType.DATA, block));
                sent += block.length;
            }
            writer.write(exit(0, 0));
        });
        Cli.Result result = cli.run(out, out, "vm", "exec", "beta", "cat");
        assertEquals(0, result.code(), result.err());
        assertEquals(blocks * block.length, result.out().length);
        assertTrue(faults.isEmpty(), faults.toString());
    }

    @Test
    void aClosedOutputGivesTheCommandUp() throws Exception {
        BlockingQueue<FrameType> received = new LinkedBlockingQueue<>();
        guest((reader, writer) -> {
            writer.write(new Frame(CHANNEL, FrameType.DATA, new byte[] {'y'}));
            received.add(reader.next().type());
        });
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertEquals(
                141,
                cli.run(closed, new ByteArrayOutputStream(), "vm", "exec", "beta", "yes")
                        .code());
        assertEquals(FrameType.CLOSE, received.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void whatStandsBehindTheVmIsTheCommandsOwn() throws Exception {
        guest((reader, writer) -> writer.write(exit(0, 0)));
        cli.environment(Map.of("HERE", "there"))
                .run(
                        "vm", "exec", "-e", "A=1,2", "-eB=x y", "-e", "HERE", "-e", "UNSET", "-w", "/srv", "-u", "dev",
                        "beta", "--", "sh", "-c", "echo $1", "-i", "--help", "", "--", "a b", "é");
        Exec exec = requests.poll(60, TimeUnit.SECONDS);
        assertEquals(
                new Exec(
                        "beta",
                        List.of("sh", "-c", "echo $1", "-i", "--help", "", "--", "a b", "é"),
                        List.of("A=1,2", "B=x y", "HERE=there"),
                        "/srv",
                        "dev",
                        false,
                        false,
                        0,
                        0,
                        true,
                        true),
                exec);
    }

    @Test
    void withoutASeparatorTheCommandFollowsTheVm() throws Exception {
        guest((reader, writer) -> writer.write(exit(0, 0)));
        cli.run("vm", "exec", "beta", "ls", "-l", "--color=never");
        Exec exec = requests.poll(60, TimeUnit.SECONDS);
        assertEquals(List.of("ls", "-l", "--color=never"), exec == null ? List.of() : exec.argv());
    }

    @ParameterizedTest
    @CsvSource({"''", "beta", "'beta --'", "'--bogus beta ls'", "'-it beta ls'", "'-e =x beta ls'"})
    void aCommandLineThatCannotBeUnderstoodIsBangersOwnFailure(String words) {
        String[] line = ("vm exec " + words).strip().split(" ");
        Cli.Result result = cli.run(line);
        assertEquals(125, result.code(), result.err());
        assertFalse(result.err().isEmpty());
        assertEquals(List.of(), cli.daemon.calls());
    }

    private void guest(FakeDaemon.Stream stream) {
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            requests.add(exec);
            peer.thenStream(stream);
            return StreamOpened.of(CHANNEL, 77);
        });
    }

    private static Frame exit(int how, int status) {
        return new PayloadWriter().u8(how).u8(status).frame(CHANNEL, FrameType.EXIT);
    }
}
