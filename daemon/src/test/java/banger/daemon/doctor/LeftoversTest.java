package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Leftover.Kind;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private Store store;
    private HostPaths paths;

    @BeforeEach
    void makeFolders() {
        store = Store.in(folder);
        paths = store.paths();
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void freshFoldersHoldNothing() {
        assertEquals(List.of(), find());
        assertEquals("nothing is left over\n", printed(0));
    }

    @Test
    void whatAVmOwnsIsAccountedFor() throws IOException {
        Vm vm = store.putVm("beta", VmState.RUNNING);
        String id = vm.id().toString();
        Store.write(paths.vm(id).resolve("root.ext4"));
        Store.write(paths.vmRuntime(id).resolve("agent.sock"));
        Store.write(paths.layer(Store.LAYER));
        Store.write(paths.workSeed(Store.SEED));
        store.recordProcess(
                vm,
                start("qemu-system-x86_64", paths.vm(id).resolve("root.ext4").toString()));
        assertEquals(List.of(), find());
    }

    @Test
    void aCgroupIsLeftWhereItsVmDoesNotRunOrNothingIsInIt() throws IOException {
        String runs = store.putVm("runs", VmState.RUNNING).id().toString();
        String stopped = store.putVm("stopped", VmState.STOPPED).id().toString();
        for (String vm : List.of(runs, stopped, "another", "nobody")) {
            Path group = Files.createDirectories(folder.resolve("cgroup").resolve(vm));
            Files.writeString(group.resolve("cgroup.procs"), vm.equals("nobody") ? "" : "4711\n");
        }
        assertEquals(
                List.of("file " + folder.resolve("cgroup/" + stopped), "file " + folder.resolve("cgroup/nobody"))
                        .stream()
                        .sorted()
                        .toList(),
                find().stream().map(Leftover::toString).sorted().toList());
    }

    @Test
    void aProcessWhoseNumberIsNotRecordedYetBelongsToTheVmThatStarts() throws IOException {
        Vm vm = store.putVm("beta", VmState.STARTING);
        start(
                "qemu-system-x86_64",
                paths.vm(vm.id().toString()).resolve("root.ext4").toString());
        assertEquals(List.of(), find());
    }

    @Test
    void aProcessWithoutARowIsLeft() throws IOException {
        HostProcess process = start("qemu-system-x86_64", "file=" + paths.vm("some-id") + "/root.ext4,if=none");
        List<Leftover> found = find();
        assertEquals(1, found.size(), found::toString);
        assertEquals(Kind.PROCESS, found.getFirst().kind());
        assertTrue(found.getFirst().what().startsWith(process.pid() + ": "), found::toString);
        assertTrue(printed(1).endsWith("1 left over\n"));
    }

    @Test
    void aProcessOfAStoppedVmIsLeft() throws IOException {
        Vm vm = store.putVm("beta", VmState.STOPPED);
        start(
                "qemu-system-x86_64",
                paths.vmRuntime(vm.id().toString()).resolve("qmp.sock").toString());
        assertEquals(1, find().size());
    }

    @Test
    void aSecondProcessOfARunningVmIsLeft() throws IOException {
        Vm vm = store.putVm("beta", VmState.RUNNING);
        String disk = paths.vm(vm.id().toString()).resolve("root.ext4").toString();
        HostProcess recorded = start("qemu-system-x86_64", disk);
        HostProcess second = start("qemu-system-x86_64", disk);
        store.recordProcess(vm, recorded);
        List<Leftover> found = find();
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().what().startsWith(second.pid() + ": "), found::toString);
    }

    @Test
    void aFirecrackerIsKnownByItsVmsIdAlone() throws IOException {
        Vm vm = store.putVm("beta", VmState.RUNNING);
        HostProcess recorded = start("firecracker", "--id", vm.id().toString(), "--api-sock", "run/api.sock");
        store.recordProcess(vm, recorded);
        assertEquals(List.of(), find());
        HostProcess second = start("firecracker", "--id", vm.id().toString(), "--api-sock", "run/api.sock");
        List<Leftover> found = find();
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().what().startsWith(second.pid() + ": "), found::toString);
    }

    @Test
    void aJailWithoutItsVmIsLeftWithItsProcess() throws IOException {
        String gone = "11111111-2222-3333-4444-555555555555";
        start("firecracker", "--id", gone, "--api-sock", "run/api.sock");
        assertEquals(List.of(), find());
        Path jail = Store.write(paths.vmJail(gone).resolve("firecracker")).getParent();
        assertEquals(2, find().size());
        assertTrue(find().contains(new Leftover(Kind.FILE, jail.toString())));
    }

    @Test
    void processesThatAreNotBangersAreNone() throws IOException {
        start("qemu-system-x86_64", folder.resolve("elsewhere/root.ext4").toString());
        start("less", paths.vm("some-id").resolve("console.log").toString());
        assertEquals(List.of(), find());
    }

    @Test
    void aBuilderThatNobodyWaitsForIsLeft() throws IOException {
        start("mke2fs", paths.scratch().resolve("bootstrap-1/layer.ext4").toString());
        assertEquals(List.of(Kind.PROCESS), find().stream().map(Leftover::kind).toList());
    }

    @Test
    void filesWithoutARecordAreLeft() {
        store.putImage("debian");
        Path machine = Store.write(paths.vm("gone").resolve("root.ext4")).getParent();
        Path scratch = Store.write(paths.scratch().resolve("blank-1"));
        Path layer = Store.write(paths.layer("cc".repeat(32)));
        Path seed = Store.write(paths.workSeed("dd".repeat(32)));
        Path runtime = Store.write(paths.vmRuntime("gone").resolve("qemu.pid"));
        Store.write(paths.layer(Store.LAYER));
        Store.write(paths.blankDisk(1 << 20));
        assertEquals(
                List.of(machine, runtime, scratch, layer, seed).stream()
                        .map(file -> new Leftover(Kind.FILE, file.toString()))
                        .toList(),
                find());
    }

    @Test
    void whereAnImageIsBrokenLayersMayBeIts() {
        Store.write(paths.layer("cc".repeat(32)));
        assertEquals(1, find().size());
        store.putImage("odd", "its record cannot be read");
        assertEquals(List.of(), find());
    }

    @Test
    void socketsOfAStoppedVmAreLeftButItsEmptyFolderMayStay() throws IOException {
        Vm vm = store.putVm("beta", VmState.STOPPED);
        Path runtime = Files.createDirectories(paths.vmRuntime(vm.id().toString()));
        assertEquals(List.of(), find());
        Path socket = runtime.resolve("a.sock");
        listen(socket).close();
        assertEquals(List.of(new Leftover(Kind.SOCKET, socket.toString())), find());
    }

    @Test
    void aDaemonsSocketWithoutItsDaemonIsLeft() throws IOException {
        listen(paths.socket()).close();
        assertEquals(List.of(new Leftover(Kind.SOCKET, paths.socket().toString())), find());
    }

    @Test
    void whereTheDatabaseCannotBeReadItSaysSoAndFails() {
        Store.write(paths.database());
        assertTrue(printed(1).startsWith("cannot tell what is left over: "), () -> printed(1));
    }

    private List<Leftover> find() {
        return new Leftovers(paths, folder.resolve("cgroup")).find();
    }

    private String printed(int expectedStatus) {
        var bytes = new ByteArrayOutputStream();
        assertEquals(expectedStatus, new Leftovers(paths, folder.resolve("cgroup")).run(new PrintStream(bytes)));
        return bytes.toString();
    }

    /** A process of that name and command line, which waits until it is ended. */
    private HostProcess start(String name, String... words) throws IOException {
        Path program = folder.resolve("bin").resolve(name);
        Files.createDirectories(program.getParent());
        if (!Files.exists(program)) {
            Files.copy(Path.of("/bin/bash"), program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        var command = new ArrayList<>(List.of(program.toString(), "-c", "echo up; read line"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        // From here on the command line in /proc is the program's own.
        process.inputReader().readLine();
        return HostProcess.of(process.pid()).orElseThrow();
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }
}
