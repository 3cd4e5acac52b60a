package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Kvm;
import banger.daemon.os.Privileges;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a VM with the stand-in, and what only a stand-in does when told to. */
class StandInLifecycleTest extends LifecycleContract {
    @TempDir
    Path folder;

    private SmallVmFiles files;

    @Override
    Household open() throws IOException {
        return household(DiskLimits.NONE);
    }

    private Household household(DiskLimits limits) throws IOException {
        HostPaths paths = HostPaths.of(
                Map.of(
                        "HOME",
                        folder.toString(),
                        "XDG_RUNTIME_DIR",
                        folder.resolve("run").toString()),
                0);
        Path program = StandInProgram.in(folder, "1.13.1");
        var probe = new FirecrackerProbe(
                program,
                () -> new Kvm(true, "the stand-in needs none", null),
                () -> Optional.of("this test is of life without a jail"));
        files = new SmallVmFiles(paths);
        return new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, folder.resolve("cgroup"), limits),
                SmallVmFiles.image(),
                files);
    }

    @Test
    void whatFirecrackerRefusesIsToldInItsWordsAndNothingIsLeft() throws IOException {
        Files.delete(files.kernelFile());
        Vm vm = house.draft("beta", NetworkMode.NONE);
        Problem problem = assertThrows(Problem.class, () -> house.create(vm));
        assertEquals(
                "vm beta did not start: firecracker refused PUT /boot-source: Boot source error: The kernel file cannot be"
                        + " opened: No such file or directory (os error 2)",
                problem.getMessage().lines().findFirst().orElseThrow());
        assertFalse(Household.hasProcess(vm));
        assertFalse(Files.exists(house.runtime(vm)));
        assertFalse(Files.exists(house.folder(vm)));
        assertTrue(house.vms.list().isEmpty());
    }

    @Test
    void aGuestThatEndsWhileBootingIsReportedWithItsLastWords() {
        files.kernel("panics");
        Problem problem = assertThrows(Problem.class, () -> house.create("beta"));
        assertTrue(
                problem.getMessage()
                        .startsWith("vm beta did not boot: the machine has ended before its guest connected"),
                problem.getMessage());
        assertTrue(
                problem.getMessage().contains("banger-agent: cannot boot: it is told to panic"), problem.getMessage());
        assertTrue(house.vms.list().isEmpty());
    }

    @Test
    void aGuestThatDoesNotEndIsForcedOff() {
        files.kernel("stays");
        Vm vm = house.create("beta");
        assertEquals(
                VmState.STOPPED,
                house.lifecycle.stop(vm, Duration.ofMillis(300), Progress.NONE).state());
        assertFalse(Household.hasProcess(vm));
    }

    @Test
    void everyPathThatTheProcessIsToldIsRelative() throws IOException {
        String told = told(house.create("beta"));
        assertTrue(told.contains("\"path_on_host\":\"root.ext4\""), told);
        assertFalse(told.contains("\"/"), told);
    }

    @Test
    void everyPathOfARestoredVmIsRelativeAndNoneIsItsSources() throws IOException {
        Vm source = house.create("beta");
        Vm copy = house.fork(source, "gamma");
        String told = told(copy);
        assertTrue(told.contains("\"path_on_host\":\"root.ext4\""), told);
        assertFalse(told.contains("\"/") || told.contains(source.id().toString()), told);
    }

    @Test
    void aProcessOfTheSameNumberIsNotTakenForTheVms() throws IOException {
        Vm vm = house.create("beta");
        Runtime real = runtime(vm);
        new HostProcess(real.pid(), real.startTicks()).kill();
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            HostProcess stranger = HostProcess.of(other.pid()).orElseThrow();
            // As it would be recorded had the stranger got the number: only when it began tells them apart.
            house.leave();
            house = household(DiskLimits.NONE);
            house.vms.update(house.now(vm)
                    .withRuntime(
                            VmState.RUNNING,
                            new Runtime(
                                    real.driver(),
                                    stranger.pid(),
                                    stranger.startTicks() - 1,
                                    real.bootId(),
                                    real.startedAt(),
                                    real.ports())));
            house.restart();
            assertEquals(VmState.STOPPED, house.now(vm).state());
            assertTrue(other.isAlive());
            assertEquals(
                    VmState.RUNNING,
                    house.lifecycle.start(house.now(vm), Progress.NONE).state());
            house.lifecycle.delete(house.now(vm), Progress.NONE);
            assertTrue(other.isAlive());
        } finally {
            other.destroyForcibly();
        }
    }

    /** SIGSTOP: it neither answers nor ends. */
    @Test
    void aProcessThatHangsIsEndedWithItsVmAndANewOneStarts() throws IOException, InterruptedException {
        Vm vm = house.create("beta");
        signal("STOP", runtime(vm).pid());
        assertEquals(
                VmState.STOPPED,
                house.lifecycle.stop(vm, Duration.ofMillis(300), Progress.NONE).state());
        assertFalse(Household.hasProcess(vm));
        assertEquals(
                VmState.RUNNING,
                house.lifecycle.start(house.now(vm), Progress.NONE).state());
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    @Test
    void theLimitsOfDisksReachEveryDriveAlsoOfARestoredVm() throws IOException {
        house.close();
        house = household(new DiskLimits(100L << 20, 2000));
        Vm vm = house.create("beta");
        int drives = house.files.plan(vm, house.image()).disks().size();
        String limit = "\"rate_limiter\":{\"bandwidth\":{\"size\":104857600,\"refill_time\":1000},"
                + "\"ops\":{\"size\":2000,\"refill_time\":1000}}";
        assertEquals(drives + 1, told(vm).split(Pattern.quote(limit), -1).length);
        house.suspension.suspend(vm, Progress.NONE);
        house.leave();
        house = household(new DiskLimits(0, 50));
        house.suspension.resume(house.now(vm), Progress.NONE);
        limit = "\"rate_limiter\":{\"ops\":{\"size\":50,\"refill_time\":1000}}";
        assertEquals(drives + 1, told(vm).split(Pattern.quote(limit), -1).length);
    }

    /** What its Firecracker has been told, as a snapshot keeps it. */
    private String told(Vm vm) throws IOException {
        var api = new FirecrackerApi(new ApiHttp(house.runtime(vm).resolve("api.sock"), Privileges.user(), () -> true));
        api.become(ApiMessages.VmState.PAUSED);
        api.createSnapshot(ApiMessages.SnapshotCreation.full("memory", "state"));
        api.become(ApiMessages.VmState.RESUMED);
        return Files.readString(house.folder(vm).resolve("state"));
    }
}
