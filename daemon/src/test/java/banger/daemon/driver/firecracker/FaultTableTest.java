package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The daemon fails, or dies, at each step of a VM's life under Firecracker: nothing is left that nobody owns. */
@Timeout(300)
class FaultTableTest {
    /** What the dead daemon's thread ends with; nobody catches it. */
    private static final class Dead extends Error {
        private static final long serialVersionUID = 1;
    }

    @TempDir
    Path folder;

    private Household house;

    @BeforeEach
    void open() throws IOException {
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
        house = new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, folder.resolve("cgroup"), DiskLimits.NONE),
                SmallVmFiles.image(),
                new SmallVmFiles(paths));
    }

    @AfterEach
    void close() {
        FaultPoint.arm(point -> {});
        house.close();
    }

    private void failing(FaultPoint step, Runnable work) {
        once(step, () -> {
            throw new Problem(Problem.Kind.FAILED, "failed for the test");
        });
        assertEquals(
                "failed for the test", assertThrows(Problem.class, work::run).getMessage());
    }

    private void dying(FaultPoint step, Runnable work) {
        once(step, () -> {
            throw new Dead();
        });
        assertThrows(Dead.class, work::run);
        house.restart();
    }

    /** Only in this thread: the one that sees a process end comes by some of the same steps. */
    private static void once(FaultPoint step, Runnable what) {
        var done = new AtomicBoolean();
        Thread worker = Thread.currentThread();
        FaultPoint.arm(point -> {
            if (point == step && Thread.currentThread() == worker && done.compareAndSet(false, true)) {
                what.run();
            }
        });
    }

    private void nothingIsLeftOf(Vm vm) {
        assertTrue(house.vms.find(vm.id()).isEmpty());
        assertFalse(Files.exists(house.folder(vm)));
        hasNoProcess(vm);
    }

    private void hasNoProcess(Vm vm) {
        assertFalse(Household.hasProcess(vm));
        assertFalse(Files.exists(house.runtime(vm)));
    }

    private void isStoppedAndStarts(Vm vm) {
        assertEquals(VmState.STOPPED, house.now(vm).state());
        hasNoProcess(vm);
        assertEquals(
                VmState.RUNNING,
                house.lifecycle.start(house.now(vm), Progress.NONE).state());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "VM_RECORDED",
                "DISKS_MADE",
                "PROCESS_STARTED",
                "PROCESS_RECORDED",
                "GUEST_GREETED",
                "GUEST_READY",
                "RUNNING_RECORDED"
            })
    void create(FaultPoint step) {
        Vm failed = house.draft("beta", NetworkMode.NONE);
        failing(step, () -> house.create(failed));
        nothingIsLeftOf(failed);
        Vm cut = house.draft("beta", NetworkMode.NONE);
        dying(step, () -> house.create(cut));
        if (step == FaultPoint.RUNNING_RECORDED) {
            // It was made; only its client was not told.
            assertEquals(VmState.RUNNING, house.now(cut).state());
            return;
        }
        nothingIsLeftOf(cut);
        assertEquals(VmState.RUNNING, house.create("beta").state());
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_STARTED", "PROCESS_RECORDED", "GUEST_GREETED", "GUEST_READY", "RUNNING_RECORDED"})
    void start(FaultPoint step) {
        Vm vm = house.create("beta");
        house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE);
        failing(step, () -> house.lifecycle.start(house.now(vm), Progress.NONE));
        assertEquals(VmState.STOPPED, house.now(vm).state());
        hasNoProcess(vm);
        dying(step, () -> house.lifecycle.start(house.now(vm), Progress.NONE));
        if (step == FaultPoint.RUNNING_RECORDED) {
            assertEquals(VmState.RUNNING, house.now(vm).state());
            return;
        }
        isStoppedAndStarts(vm);
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP_RECORDED", "GUEST_DOWN", "PROCESS_ENDED"})
    void stop(FaultPoint step) {
        Vm vm = house.create("beta");
        failing(step, () -> house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE));
        boolean ended = step == FaultPoint.PROCESS_ENDED;
        assertEquals(ended ? VmState.STOPPED : VmState.RUNNING, house.now(vm).state());
        house.lifecycle.start(house.now(vm), Progress.NONE);
        dying(step, () -> house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE));
        isStoppedAndStarts(vm);
    }

    @ParameterizedTest
    @EnumSource(names = {"DELETION_RECORDED", "PROCESS_ENDED", "FILES_DELETED", "VM_FORGOTTEN"})
    void delete(FaultPoint step) {
        Vm vm = house.create("beta");
        failing(step, () -> house.lifecycle.delete(vm, Progress.NONE));
        house.lifecycle.delete(vm, Progress.NONE);
        nothingIsLeftOf(vm);
        Vm cut = house.create("beta");
        dying(step, () -> house.lifecycle.delete(cut, Progress.NONE));
        nothingIsLeftOf(cut);
    }
}
