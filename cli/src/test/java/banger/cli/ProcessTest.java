package banger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.VmMessages.StreamOpened;
import banger.wire.rpc.VmMessages.VmList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process of its own: signals, standard streams and exit codes as a shell sees them. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessTest {
    @TempDir
    Path folder;

    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new FakeDaemon(folder.resolve("banger/bangerd.sock"));
        FakeOperations.serve(daemon);
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    @ParameterizedTest
    @CsvSource({"INT,2", "TERM,15", "HUP,1", "USR1,10", "USR2,12"})
    void aSignalReachesTheCommandAndItsEndIsOurs(String name, int number) throws Exception {
        daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            peer.thenStream((reader, writer) -> {
                writer.write(new Frame(1, FrameType.DATA, "up\n".getBytes(StandardCharsets.UTF_8)));
                Frame signal = reader.next();
                assertEquals(FrameType.SIGNAL, signal.type());
                writer.write(new PayloadWriter().u8(1).u8(signal.read().u8()).frame(1, FrameType.EXIT));
            });
            return StreamOpened.of(1, 7);
        });
        Process cli = banger("vm", "exec", "beta", "sleep", "100");
        // The handlers are installed before the first output is copied.
        assertEquals('u', cli.getInputStream().read());
        new ProcessBuilder("kill", "-" + name, Long.toString(cli.pid())).start().waitFor();
        assertEquals(128 + number, exitCode(cli));
    }

    @Test
    void ctrlCDuringCreationDetachesAndSaysHowToComeBack() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "beta"));
        daemon.on(Methods.OPERATION_WATCH, (ref, peer) -> {
            peer.notify(new StageEvent(ref.operation(), "boot", "boot", null, null, null, "running", 0));
            await(over);
            throw new IOException("over");
        });
        Process cli = banger("vm", "create");
        assertEquals('b', cli.getErrorStream().read());
        new ProcessBuilder("kill", "-INT", Long.toString(cli.pid())).start().waitFor();
        String err = new String(cli.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(130, exitCode(cli));
        over.countDown();
        assertTrue(err.contains("banger operation watch vm.create beta"), err);
        assertFalse(daemon.calls().contains("operation.cancel"));
    }

    @Test
    void ctrlCWhileManyVmsStopSaysHowToSeeEachEnd() throws Exception {
        CountDownLatch watched = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        daemon.on(Methods.VM_STOP, (stop, peer) -> FakeOperations.begin("vm.stop", stop.vm()));
        daemon.on(Methods.OPERATION_WATCH, (ref, peer) -> {
            watched.countDown();
            await(over);
            throw new IOException("over");
        });
        Process cli = banger("vm", "stop", "beta", "gamma");
        await(watched);
        new ProcessBuilder("kill", "-INT", Long.toString(cli.pid())).start().waitFor();
        String err = new String(cli.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(130, exitCode(cli));
        over.countDown();
        assertTrue(err.contains("banger operation watch vm.stop beta"), err);
        assertTrue(err.contains("banger operation watch vm.stop gamma"), err);
    }

    @Test
    void ctrlCDuringARunThatRemovesCancelsAndDeletes() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        daemon.on(Methods.VM_LIST, (nothing, peer) -> new VmList(List.of()));
        daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "beta"));
        daemon.on(Methods.WORKSPACE_CHECK, (check, peer) -> new Nothing());
        daemon.on(Methods.WORKSPACE_PREPARE, (copy, peer) -> FakeOperations.begin("workspace.prepare", "beta"));
        daemon.on(Methods.VM_DELETE, (ref, peer) -> FakeOperations.begin("vm.delete", ref.vm()));
        daemon.on(Methods.OPERATION_WATCH, (ref, peer) -> {
            boolean copy = ref.operation().startsWith("workspace.prepare");
            if (copy) {
                peer.notify(new StageEvent(ref.operation(), "copy", "copy", null, null, null, "running", 0));
                await(cancelled);
            }
            return new OperationView(
                    ref.operation(),
                    ref.operation().split(" ")[0],
                    "beta",
                    copy ? "cancelled" : "done",
                    "2026-01-01T00:00:00Z",
                    5,
                    List.of(),
                    null);
        });
        daemon.on(Methods.OPERATION_CANCEL, (ref, peer) -> {
            cancelled.countDown();
            return new OperationView(
                    ref.operation(),
                    "workspace.prepare",
                    "beta",
                    "running",
                    "2026-01-01T00:00:00Z",
                    5,
                    List.of(),
                    null);
        });
        Path checkout = Files.createDirectories(folder.resolve("project/.git")).getParent();
        Process cli = banger("vm", "run", "--rm", checkout.toString(), "--", "make");
        assertEquals('c', cli.getErrorStream().read());
        new ProcessBuilder("kill", "-INT", Long.toString(cli.pid())).start().waitFor();
        assertEquals(130, exitCode(cli));
        assertEquals("vm.delete", daemon.calls().get(daemon.calls().size() - 2));
        assertFalse(daemon.calls().contains("vm.exec"));
    }

    @Test
    void standardInputAndOutputAreCarriedThroughThePipes() throws Exception {
        daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            peer.thenStream((reader, writer) -> {
                for (Frame frame = reader.next(); frame.type() != FrameType.EOF; frame = reader.next()) {
                    writer.write(frame);
                }
                writer.write(new PayloadWriter().u8(0).u8(42).frame(1, FrameType.EXIT));
            });
            return StreamOpened.of(1, 7);
        });
        Process cli = banger("vm", "exec", "-i", "beta", "cat");
        cli.getOutputStream().write("été\n\0\u00ff".getBytes(StandardCharsets.ISO_8859_1));
        cli.getOutputStream().close();
        assertEquals("été\n\0\u00ff", new String(cli.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        assertEquals(42, exitCode(cli));
    }

    @Test
    void aReaderThatLeavesEndsTheCommand() throws Exception {
        daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            peer.thenStream((reader, writer) -> {
                byte[] block = new byte[Frame.MAX_PAYLOAD_BYTES];
                long credit = Frame.INITIAL_CREDIT_BYTES;
                while (true) {
                    for (; credit >= block.length; credit -= block.length) {
                        writer.write(new Frame(1, FrameType.DATA, block));
                    }
                    Frame frame = reader.next();
                    if (frame.type() == FrameType.CLOSE) {
                        return;
                    }
                    credit += frame.read().u32();
                }
            });
            return StreamOpened.of(1, 7);
        });
        Process cli = banger("vm", "exec", "beta", "yes");
        assertEquals(0, cli.getInputStream().read());
        cli.getInputStream().close();
        assertEquals(141, exitCode(cli));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Process banger(String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        // As the launcher does: the JVM would keep SIGUSR2 otherwise.
        builder.environment().put("_JAVA_SR_SIGNUM", "37");
        return builder.start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still runs");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
