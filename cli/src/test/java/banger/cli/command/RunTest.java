package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeDaemon;
import banger.cli.FakeOperations;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
import banger.wire.rpc.VmMessages.VmList;
import banger.wire.rpc.VmMessages.VmView;
import banger.wire.rpc.WorkspaceMessages.CheckWorkspace;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunTest {
    @TempDir
    Path folder;

    private Cli cli;
    private Path checkout;
    private final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        checkout = Files.createDirectories(folder.resolve("project")).toRealPath();
        Files.createDirectories(checkout.resolve(".git"));
        Files.createDirectories(checkout.resolve("src"));
        cli = new Cli(folder);
        FakeOperations.serve(cli.daemon);
        cli.daemon.on(Methods.VM_LIST, (nothing, peer) -> new VmList(List.of()));
        cli.daemon.on(Methods.WORKSPACE_CHECK, (check, peer) -> new Nothing());
        cli.daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "beta"));
        cli.daemon.on(Methods.WORKSPACE_PREPARE, (copy, peer) -> {
            requests.add(copy);
            return FakeOperations.begin("workspace.prepare", "beta");
        });
        cli.daemon.on(Methods.VM_DELETE, (ref, peer) -> FakeOperations.begin("vm.delete", ref.vm()));
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            requests.add(exec);
            peer.thenStream((reader, writer) ->
                    writer.write(new PayloadWriter().u8(0).u8(3).frame(1, FrameType.EXIT)));
            return StreamOpened.of(1, 7);
        });
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
    }

    @Test
    void theCheckoutIsCopiedAndTheCommandsCodeIsOurs() {
        Cli.Result result = cli.run("vm", "run", checkout.resolve("src").toString(), "--", "make", "--rm", "-k");
        assertEquals(3, result.code(), result.err());
        assertEquals(new PrepareWorkspace("beta", checkout.toString(), null, null, null, null, false), requests.poll());
        assertEquals(
                new Exec("beta", List.of("make", "--rm", "-k"), List.of(), null, null, false, true, 0, 0, true, true),
                requests.poll());
        assertTrue(result.err().contains("banger vm delete beta"), result.err());
        assertFalse(cli.daemon.calls().contains("vm.delete"));
    }

    @Test
    void withRmTheVmIsDeletedAtTheEnd() {
        assertEquals(
                3,
                cli.run("vm", "run", "--rm", checkout.toString(), "--", "make").code());
        assertTrue(cli.daemon.calls().contains("vm.delete"), cli.daemon.calls().toString());
    }

    @Test
    void withRmTheVmIsDeletedWhereTheCopyFails() {
        cli.daemon.on(
                Methods.WORKSPACE_PREPARE, (prepare, peer) -> FakeOperations.failing("workspace.prepare", "beta"));
        Cli.Result result = cli.run("vm", "run", checkout.toString(), "--rm", "--", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("the step \"work\" failed"), result.err());
        assertTrue(cli.daemon.calls().contains("vm.delete"), cli.daemon.calls().toString());
        assertFalse(cli.daemon.calls().contains("vm.exec"));
    }

    @Test
    void withoutACommandALoginShellIsOpened() {
        cli.run("vm", "run", checkout.toString());
        requests.poll();
        assertTrue(
                requests.poll() instanceof Exec exec && exec.argv().getFirst().equals("/bin/sh") && !exec.tty());
    }

    @Test
    void whatCannotBePreparedIsRefusedBeforeAVmIsMade() {
        cli.daemon.on(Methods.WORKSPACE_CHECK, (check, peer) -> {
            requests.add(check);
            throw new FakeDaemon.Refused(ErrorCode.INVALID_ARGUMENT, "no commit yet", "git commit");
        });
        Cli.Result result = cli.run("vm", "run", checkout.toString(), "--branch", "topic", "--from", "main");
        assertEquals(125, result.code(), result.err());
        assertTrue(result.err().contains("no commit yet"), result.err());
        assertEquals(new CheckWorkspace(checkout.toString(), null, null, "topic", "main"), requests.poll());
        assertEquals(List.of("vm.list", "workspace.check"), cli.daemon.calls());
    }

    @Test
    void aSecondPathIsRefusedBeforeAVmIsMade() {
        assertEquals(125, cli.run("vm", "run", checkout.toString(), "make").code());
        assertEquals(List.of(), cli.daemon.calls());
    }

    private void beta(String state) {
        VmView beta = new VmView(
                "id",
                "beta",
                state,
                null,
                "debian",
                1,
                1,
                1,
                "qemu",
                "user",
                List.of(),
                null,
                null,
                "2026-01-01T00:00:00Z",
                null,
                0,
                null,
                false);
        cli.daemon.on(Methods.VM_LIST, (nothing, peer) -> new VmList(List.of(beta)));
        cli.daemon.on(Methods.VM_START, (ref, peer) -> FakeOperations.begin("vm.start", ref.vm()));
    }

    @Test
    void aVmOfThatNameIsTakenAndStarted() {
        beta("stopped");
        assertEquals(
                3,
                cli.run("vm", "run", "--name", "beta", checkout.toString(), "--", "make")
                        .code());
        assertEquals(
                List.of("vm.list", "vm.start", "operation.watch", "workspace.prepare", "operation.watch", "vm.exec"),
                cli.daemon.calls());
    }

    @Test
    void whatAVmThatIsThereDoesNotAnswerToIsSaid() {
        beta("running");
        Cli.Result result = cli.run(
                "vm", "run", "--name", "beta", "--memory", "7G", "--vcpu", "9", checkout.toString(), "--", "make");
        assertEquals(3, result.code());
        assertTrue(
                result.err().contains("was there before and stays as it is: --vcpu, --memory would be for a new one"),
                result.err());
        result = cli.run("vm", "run", "--name", "beta", checkout.toString(), "--", "make");
        assertFalse(result.err().contains("was there before"), result.err());
    }

    @Test
    void aVmThatWasThereBeforeIsNotDeletedByRm() {
        beta("running");
        assertEquals(
                125,
                cli.run("vm", "run", "--rm", "--name", "beta", checkout.toString(), "--", "make")
                        .code());
        assertEquals(List.of("vm.list"), cli.daemon.calls());
    }

    @Test
    void theWorkspacesOptionsArePassedOn() {
        cli.run(
                "vm",
                "run",
                "--branch",
                "topic",
                "--from",
                "main",
                "--mode",
                "full",
                "--guest-path",
                "/w",
                checkout.toString(),
                "--",
                "make");
        assertEquals(
                new PrepareWorkspace("beta", checkout.toString(), "/w", "full", "topic", "main", false),
                requests.poll());
    }

    @Test
    void withDetachTheCommandRunsInTheBackground() {
        cli.run("vm", "run", "--detach", checkout.toString(), "--", "make", "a b");
        requests.poll();
        assertTrue(requests.poll() instanceof Exec exec
                && exec.argv()
                        .subList(exec.argv().size() - 2, exec.argv().size())
                        .equals(List.of("make", "a b"))
                && exec.argv().getFirst().equals("/bin/sh")
                && !exec.stdin());
    }

    @Test
    void contradictionsAreRefusedBeforeAVmIsMade() {
        assertEquals(
                125,
                cli.run("vm", "run", "--rm", "--detach", checkout.toString()).code());
        assertEquals(
                125, cli.run("vm", "run", "--from", "main", checkout.toString()).code());
        assertEquals(List.of(), cli.daemon.calls());
    }
}
