package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeOperations;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.CopyRepository;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
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
        cli.daemon.on(Methods.VM_CREATE, (create, peer) -> FakeOperations.begin("vm.create", "beta"));
        cli.daemon.on(Methods.VM_COPY_REPOSITORY, (copy, peer) -> {
            requests.add(copy);
            return FakeOperations.begin("vm.copy_repository", "beta");
        });
        cli.daemon.on(Methods.VM_DELETE, (ref, peer) -> FakeOperations.begin("vm.delete", ref.vm()));
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            requests.add(exec);
            peer.thenStream((reader, writer) ->
                    writer.write(new PayloadWriter().u8(0).u8(3).frame(1, FrameType.EXIT)));
            return new StreamOpened(1, 7);
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
        assertEquals(new CopyRepository("beta", checkout.toString(), "/root/repo"), requests.poll());
        assertEquals(
                new Exec("beta", List.of("make", "--rm", "-k"), List.of(), "/root/repo", null, false, true, 0, 0),
                requests.poll());
        assertTrue(result.err().contains("banger vm delete beta"), result.err());
        assertFalse(cli.daemon.calls().contains("vm.delete"));
    }

    @Test
    void withRmTheVmIsDeletedAtTheEnd() {
        assertEquals(3, cli.run("vm", "run", "--rm", checkout.toString(), "--", "make").code());
        assertTrue(cli.daemon.calls().contains("vm.delete"), cli.daemon.calls().toString());
    }

    @Test
    void withRmTheVmIsDeletedWhereTheCopyFails() {
        cli.daemon.on(Methods.VM_COPY_REPOSITORY, (copy, peer) -> FakeOperations.failing("vm.copy_repository", "beta"));
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
        assertTrue(requests.poll() instanceof Exec exec && exec.argv().getFirst().equals("/bin/sh") && !exec.tty());
    }

    @Test
    void aSecondPathIsRefusedBeforeAVmIsMade() {
        assertEquals(125, cli.run("vm", "run", checkout.toString(), "make").code());
        assertEquals(List.of(), cli.daemon.calls());
    }
}
