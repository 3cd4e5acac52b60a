package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Privileges;
import banger.daemon.problem.Problem;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a VM with the stand-in, and what only a stand-in does when told to. */
class StandInLifecycleTest extends LifecycleContract {
    @TempDir
    Path folder;

    private SmallVmFiles files;

    @Override
    Household open() throws IOException {
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
                new FirecrackerDriver(probe::find, paths, folder.resolve("cgroup")),
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
        Vm vm = house.create("beta");
        var paused =
                new FirecrackerApi(new ApiHttp(house.runtime(vm).resolve("api.sock"), Privileges.user(), () -> true));
        paused.become(ApiMessages.VmState.PAUSED);
        paused.createSnapshot(ApiMessages.SnapshotCreation.full("memory", "state"));
        String told = Files.readString(house.folder(vm).resolve("state"));
        assertTrue(told.contains("\"path_on_host\":\"root.ext4\""), told);
        assertFalse(told.contains("\"/"), told);
        paused.become(ApiMessages.VmState.RESUMED);
    }
}
