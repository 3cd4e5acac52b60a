package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.driver.firecracker.ApiMessages.Action;
import banger.daemon.driver.firecracker.ApiMessages.Balloon;
import banger.daemon.driver.firecracker.ApiMessages.BootSource;
import banger.daemon.driver.firecracker.ApiMessages.Drive;
import banger.daemon.driver.firecracker.ApiMessages.EntropyDevice;
import banger.daemon.driver.firecracker.ApiMessages.Logger;
import banger.daemon.driver.firecracker.ApiMessages.MachineConfiguration;
import banger.daemon.driver.firecracker.ApiMessages.Metrics;
import banger.daemon.driver.firecracker.ApiMessages.NetworkInterface;
import banger.daemon.driver.firecracker.ApiMessages.NetworkOverride;
import banger.daemon.driver.firecracker.ApiMessages.RateLimiter;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotCreation;
import banger.daemon.driver.firecracker.ApiMessages.SnapshotLoading;
import banger.daemon.driver.firecracker.ApiMessages.TokenBucket;
import banger.daemon.driver.firecracker.ApiMessages.VmState;
import banger.daemon.driver.firecracker.ApiMessages.Vsock;
import banger.daemon.os.DetachedProcess;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What requests the program takes, and when; whichever program that is. */
abstract class ApiContract {
    static final TokenBucket BUCKET = new TokenBucket(1 << 20, 1000, 4096L);

    @TempDir
    Path folder;

    final List<HostProcess> processes = new ArrayList<>();
    FirecrackerApi api;
    private Path program;

    /** The program; makes {@code vmlinux} and {@code initramfs} in the folder, in which it will work. */
    abstract Path prepare() throws IOException;

    abstract String version() throws IOException;

    /** Network interfaces whose devices this host has. */
    List<NetworkInterface> interfaces() {
        return List.of();
    }

    @BeforeEach
    void startAProcess() throws IOException {
        program = prepare();
        for (String file : List.of("log", "metrics", "layer", "root")) {
            Files.writeString(folder.resolve(file), "");
        }
        api = start("api.sock");
    }

    @AfterEach
    void endAllProcesses() {
        processes.forEach(HostProcess::kill);
    }

    @Test
    void theProcessTellsItsVersionAndThatItWaits() throws IOException {
        assertEquals(version(), api.version());
        assertEquals("Not started", api.describe().state());
        assertEquals("vm-1", api.describe().id());
    }

    @Test
    void everyRequestBeforeTheStartIsTaken() throws IOException {
        configure();
        api.act(Action.START);
        assertEquals("Running", api.describe().state());
    }

    @Test
    void whatIsForBeforeTheStartIsRefusedAfterIt() throws IOException {
        configure();
        api.act(Action.START);
        String refusal = "The requested operation is not supported after starting the microVM.";
        assertRefused(
                "PUT /machine-config", refusal, () -> api.machine(new MachineConfiguration(1, 128, false, false)));
        assertRefused("PUT /actions", refusal, () -> api.act(Action.START));
        assertRefused(
                "PUT /snapshot/load", refusal, () -> api.loadSnapshot(SnapshotLoading.of("memory", "state", null)));
    }

    @Test
    void whatIsForAfterTheStartIsRefusedBeforeIt() {
        String refusal = "The requested operation is not supported before starting the microVM.";
        assertRefused("PATCH /vm", refusal, () -> api.become(VmState.PAUSED));
        assertRefused("PUT /actions", refusal, () -> api.act(Action.FLUSH_METRICS));
        assertRefused(
                "PUT /snapshot/create", refusal, () -> api.createSnapshot(SnapshotCreation.full("memory", "state")));
    }

    @Test
    void aStartWithoutAKernelIsRefused() {
        assertRefused(
                "PUT /actions",
                "Start microvm error: Cannot start microvm without kernel configuration.",
                () -> api.act(Action.START));
    }

    @Test
    void aFileThatIsNotThereIsRefusedInFirecrackersWords() {
        assertRefused(
                "PUT /boot-source",
                "Boot source error: The kernel file cannot be opened: No such file or directory (os error 2)",
                () -> api.bootSource(new BootSource("none", "initramfs", "")));
    }

    @Test
    void aRunningVmGivesNoSnapshot() throws IOException {
        configure();
        api.act(Action.START);
        ApiFault fault =
                assertThrows(ApiFault.class, () -> api.createSnapshot(SnapshotCreation.full("memory", "state")));
        assertTrue(fault.getMessage().endsWith("save/restore unavailable while running"), fault.getMessage());
    }

    @Test
    void aSnapshotOfAPausedVmRunsInAFreshProcess() throws IOException {
        FirecrackerApi fresh = restored(null);
        assertEquals("Paused", fresh.describe().state());
        fresh.become(VmState.RESUMED);
        assertEquals("Running", fresh.describe().state());
    }

    @Test
    void aVmIsPausedAndGoesOn() throws IOException {
        configure();
        api.act(Action.START);
        api.become(VmState.PAUSED);
        assertEquals("Paused", api.describe().state());
        api.become(VmState.RESUMED);
        assertEquals("Running", api.describe().state());
    }

    @Test
    void aSnapshotIsNotLoadedIntoAConfiguredProcess() throws IOException {
        configure();
        ApiFault fault =
                assertThrows(ApiFault.class, () -> api.loadSnapshot(SnapshotLoading.of("memory", "state", null)));
        assertTrue(
                fault.getMessage().contains("not allowed after configuring boot-specific resources"),
                fault.getMessage());
    }

    @Test
    void aProcessWhoseRestoreFailedEnds() throws Exception {
        ApiFault fault =
                assertThrows(ApiFault.class, () -> api.loadSnapshot(SnapshotLoading.of("memory", "state", null)));
        assertTrue(fault.getMessage().contains("Failed to restore from snapshot"), fault.getMessage());
        processes.getFirst().exited().get();
        assertFalse(processes.getFirst().isAlive());
    }

    /** A fresh process with the snapshot of another one's VM, which has ended. */
    FirecrackerApi restored(@Nullable List<NetworkOverride> overrides) throws IOException {
        configure();
        api.act(Action.START);
        api.become(VmState.PAUSED);
        api.createSnapshot(SnapshotCreation.full("memory", "state"));
        processes.forEach(HostProcess::kill);
        // A path that was told relative holds wherever the process works; what is there already would be in its way.
        Files.delete(folder.resolve("vsock.sock"));
        FirecrackerApi fresh = start("fresh.sock");
        fresh.logger(new Logger("log", "Warning", true, false));
        fresh.loadSnapshot(SnapshotLoading.of("memory", "state", overrides));
        return fresh;
    }

    void configure() throws IOException {
        api.logger(new Logger("log", "Warning", true, false));
        api.metrics(new Metrics("metrics"));
        api.machine(new MachineConfiguration(2, 512, false, false));
        api.bootSource(new BootSource(
                "vmlinux",
                "initramfs",
                "reboot=k banger.layers=vda banger.modules=vda banger.root=vdb banger.work=vdb"
                        + " banger.stream=vsock:1024 banger.off=reboot"));
        api.drive(new Drive("layer0", "layer", false, true, Drive.WRITEBACK, null));
        api.drive(new Drive("root", "root", false, false, Drive.WRITEBACK, new RateLimiter(BUCKET, null)));
        api.vsock(new Vsock(3, "vsock.sock"));
        for (NetworkInterface each : interfaces()) {
            api.networkInterface(each);
        }
        api.entropy(new EntropyDevice(null));
        api.balloon(new Balloon(0, true, 1));
    }

    FirecrackerApi start(String socket) {
        HostProcess process = DetachedProcess.start(
                List.of(program.toString(), "--id", "vm-1", "--api-sock", socket), folder, folder.resolve("out"));
        processes.add(process);
        return new FirecrackerApi(new ApiHttp(folder.resolve(socket), Privileges.user(), process::isAlive));
    }

    static void assertRefused(String request, String words, Executable call) {
        assertEquals(
                "firecracker refused " + request + ": " + words,
                assertThrows(ApiFault.class, call).getMessage());
    }
}
