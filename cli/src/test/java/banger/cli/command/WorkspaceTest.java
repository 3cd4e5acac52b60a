package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeOperations;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
import banger.wire.rpc.VmMessages.VmView;
import banger.wire.rpc.WorkspaceMessages.ExportReport;
import banger.wire.rpc.WorkspaceMessages.ExportWorkspace;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import banger.wire.rpc.WorkspaceMessages.WorkspaceStatus;
import banger.wire.rpc.WorkspaceMessages.WorkspaceView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workspaces on the command line, and git's remote helper. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkspaceTest {
    private static final WorkspaceView WORKSPACE =
            new WorkspaceView("/root/repo", "/src", "0123456789abcdef", "shallow", "2026-01-01T00:00:00Z", "main");

    @TempDir
    Path folder;

    private Cli cli;
    private final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
        FakeOperations.serve(cli.daemon);
        cli.daemon.on(Methods.WORKSPACE_PREPARE, (prepare, peer) -> {
            requests.add(prepare);
            return FakeOperations.begin("workspace.prepare", "beta");
        });
        cli.daemon.on(Methods.WORKSPACE_EXPORT, (export, peer) -> {
            requests.add(export);
            return FakeOperations.begin("workspace.export", "beta");
        });
        cli.daemon.on(
                Methods.WORKSPACE_EXPORTED,
                (ref, peer) ->
                        new ExportReport("abc", List.of("abc first"), List.of("M\tone.txt"), false, List.of("lib/")));
        cli.daemon.on(Methods.VM_EXEC, (exec, peer) -> {
            requests.add(exec);
            peer.thenStream((reader, writer) -> writer.write(
                    new Frame(1, FrameType.DATA, "pack".getBytes(StandardCharsets.US_ASCII)),
                    new PayloadWriter().u8(0).u8(5).frame(1, FrameType.EXIT)));
            return new StreamOpened(1, 7, "workspace /root/repo: stale: 2 commits behind");
        });
        cli.daemon.on(Methods.VM_START, (ref, peer) -> FakeOperations.begin("vm.start", ref.vm()));
        status(null, false);
        state("running");
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
    }

    private void status(@Nullable String notice, boolean stale) {
        cli.daemon.on(Methods.WORKSPACE_STATUS, (ref, peer) -> new WorkspaceStatus(WORKSPACE, notice, stale));
    }

    private void state(String state) {
        VmView vm = new VmView(
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
                WORKSPACE,
                null,
                "2026-01-01T00:00:00Z",
                null,
                0,
                null,
                false);
        cli.daemon.on(Methods.VM_SHOW, (ref, peer) -> vm);
    }

    @Test
    void whatIsStaleIsSaidOnStandardErrorAndTheCodeStays() {
        Cli.Result result = cli.run("vm", "exec", "beta", "make");
        assertEquals(5, result.code());
        assertEquals("pack", result.text());
        assertEquals("banger: workspace /root/repo: stale: 2 commits behind\n", result.err());
    }

    @Test
    void autoPrepareComesBeforeTheCommandWhereItIsNeeded() {
        cli.run("vm", "exec", "--auto-prepare", "beta", "make");
        assertEquals(List.of("workspace.status", "vm.exec"), cli.daemon.calls());
        status("stale", true);
        cli.run("vm", "exec", "--auto-prepare", "beta", "make");
        assertEquals(
                List.of("workspace.status", "workspace.prepare", "operation.watch", "vm.exec"),
                cli.daemon.calls().subList(2, 6));
    }

    @Test
    void whereAutoPrepareFailsTheCommandDoesNotRun() {
        status("stale", true);
        cli.daemon.on(
                Methods.WORKSPACE_PREPARE, (prepare, peer) -> FakeOperations.failing("workspace.prepare", "beta"));
        Cli.Result result = cli.run("vm", "exec", "--auto-prepare", "beta", "make");
        assertEquals(125, result.code());
        assertTrue(result.err().contains("never ran"), result.err());
        assertTrue(requests.isEmpty());
    }

    @Test
    void prepareNamesTheFolder() throws IOException {
        assertEquals(
                0,
                cli.run("vm", "workspace", "prepare", "beta", folder.toString(), "--force")
                        .code());
        assertEquals(
                new PrepareWorkspace("beta", folder.toRealPath().toString(), null, null, null, null, true),
                requests.poll());
    }

    @Test
    void exportTakesEitherAPatchOrABranch() {
        assertEquals(2, cli.run("vm", "workspace", "export", "beta").code());
        assertEquals(
                2,
                cli.run("vm", "workspace", "export", "beta", "--patch", "a", "--branch", "b")
                        .code());
        Cli.Result result = cli.run("vm", "workspace", "export", "beta", "--patch", "/tmp/../work.patch");
        assertEquals(new ExportWorkspace("beta", "/work.patch", null, false, false), requests.poll());
        assertEquals(
                "1 commit:\n  abc first\n1 file:\n  M one.txt\nleft out, as repositories of their own: lib/\nin /work.patch\n",
                result.text());
    }

    @Test
    void showTellsWhatItIsAndWhatIsStale() {
        status("workspace /root/repo: stale", true);
        Cli.Result result = cli.run("vm", "workspace", "show", "beta");
        assertTrue(result.text().contains("0123456789abcdef"), result.text());
        assertEquals("banger: workspace /root/repo: stale\n", result.err());
        assertTrue(cli.run("vm", "show", "beta").err().contains("stale"));
    }

    private Cli.Result gitSays(String text, String... words) {
        cli.input(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
        return cli.run(words);
    }

    @Test
    void gitIsConnectedWithItsProgramInTheGuest() {
        Cli.Result result = gitSays("capabilities\nconnect git-upload-pack\n", "__git-remote", "origin", "beta");
        assertEquals("connect\n\n\npack", result.text());
        assertEquals(5, result.code());
        assertEquals(Exec.plain("beta", List.of("git", "upload-pack", "/root/repo"), "/", true), requests.poll());
    }

    @Test
    void aPathBehindTheVmIsTheGuests() {
        gitSays("connect git-receive-pack\n", "__git-remote", "origin", "beta/srv/a b");
        assertEquals(Exec.plain("beta", List.of("git", "receive-pack", "/srv/a b"), "/", true), requests.poll());
    }

    @Test
    void anAddressWithASchemeIsTakenToo() {
        gitSays("connect git-upload-pack\n", "__git-remote", "origin", "banger://beta/srv/a");
        assertEquals(Exec.plain("beta", List.of("git", "upload-pack", "/srv/a"), "/", true), requests.poll());
        gitSays("connect git-upload-pack\n", "__git-remote", "origin", "banger://beta");
        assertEquals(Exec.plain("beta", List.of("git", "upload-pack", "/root/repo"), "/", true), requests.poll());
    }

    @Test
    void aStoppedVmIsStartedForGit() {
        state("stopped");
        Cli.Result result = gitSays("connect git-upload-pack\n", "__git-remote", "origin", "beta");
        assertTrue(cli.daemon.calls().contains("vm.start"), cli.daemon.calls().toString());
        assertTrue(result.err().contains("starting beta"), result.err());
    }

    @Test
    void otherServicesAreLeftToGit() {
        assertEquals(
                "fallback\n",
                gitSays("connect git-upload-archive\n\n", "__git-remote", "o", "beta")
                        .text());
    }
}
