package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.HostProcess;
import banger.daemon.problem.Problem;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a VM under Firecracker, whichever program that is. */
@Timeout(300)
abstract class LifecycleContract {
    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

    Household house;

    /** A daemon's parts with a store of their own. */
    abstract Household open() throws IOException;

    @BeforeEach
    void openHouse() throws IOException {
        house = open();
    }

    @AfterEach
    void closeHouse() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void aVmIsCreatedAndItsGuestHasItsName() throws IOException {
        Vm vm = house.create("beta");
        assertEquals(VmState.RUNNING, vm.state());
        assertEquals("firecracker", runtime(vm).driver());
        assertEquals("beta", house.exec(vm, "hostname"));
    }

    @Test
    void stopLetsTheGuestEndItselfAndStartBringsItBack() throws IOException {
        Vm vm = house.create("beta");
        String firstBoot = house.exec(vm, "cat", BOOT_ID);
        assertEquals(
                VmState.STOPPED,
                house.lifecycle.stop(vm, Household.GRACE, Progress.NONE).state());
        assertFalse(Household.hasProcess(vm));
        assertFalse(Files.exists(house.runtime(vm)));

        Vm again = house.lifecycle.start(house.now(vm), Progress.NONE);
        assertEquals(VmState.RUNNING, again.state());
        assertFalse(firstBoot.equals(house.exec(again, "cat", BOOT_ID)));
    }

    @Test
    void stopKillAndDeleteAreIdempotent() {
        Vm vm = house.create("beta");
        house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE);
        assertEquals(
                VmState.STOPPED,
                house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE).state());
        assertEquals(VmState.STOPPED, house.lifecycle.kill(vm).state());
        house.lifecycle.delete(vm, Progress.NONE);
        house.lifecycle.delete(vm, Progress.NONE);
    }

    @Test
    void killEndsTheProcessAtOnce() {
        Vm vm = house.create("beta");
        assertEquals(VmState.STOPPED, house.lifecycle.kill(vm).state());
        assertFalse(new HostProcess(runtime(vm).pid(), runtime(vm).startTicks()).isAlive());
    }

    @Test
    void deleteLeavesNeitherProcessNorFileNorSocketNorRow() {
        Vm vm = house.create("beta");
        house.lifecycle.delete(vm, Progress.NONE);
        assertFalse(Household.hasProcess(vm));
        assertFalse(Files.exists(house.folder(vm)));
        assertFalse(Files.exists(house.runtime(vm)));
        assertTrue(house.vms.find(vm.id()).isEmpty());
    }

    @Test
    void aDaemonThatComesBackFindsItsVmAsItWas() throws IOException {
        Vm vm = house.create("beta");
        String boot = house.exec(vm, "cat", BOOT_ID);
        for (int time = 1; time <= 2; time++) {
            house.restart();
            assertEquals(VmState.RUNNING, house.now(vm).state());
            assertEquals(runtime(vm), runtime(house.now(vm)));
            assertEquals(boot, house.exec(vm, "cat", BOOT_ID));
        }
        assertEquals(
                VmState.STOPPED,
                house.lifecycle.stop(vm, Household.GRACE, Progress.NONE).state());
    }

    @Test
    void aVmThatEndedWhileNoDaemonWasThereIsStopped() {
        Vm vm = house.create("beta");
        new HostProcess(runtime(vm).pid(), runtime(vm).startTicks()).kill();
        house.restart();
        assertEquals(VmState.STOPPED, house.now(vm).state());
        assertFalse(Files.exists(house.runtime(vm)));
    }

    @Test
    void aProcessThatDiesIsSeenAndClearedAway() throws InterruptedException {
        Vm vm = house.create("beta");
        new HostProcess(runtime(vm).pid(), runtime(vm).startTicks()).kill();
        while (house.now(vm).state() != VmState.STOPPED) {
            Thread.sleep(10);
        }
        assertFalse(Files.exists(house.runtime(vm)));
    }

    @Test
    void aProcessThatWasBegunAndNotRecordedIsSwept() {
        Vm vm = house.create("beta");
        house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE);
        house.driver.start(house.files.plan(vm, house.image()));
        assertTrue(Household.hasProcess(vm));
        house.restart();
        assertFalse(Household.hasProcess(vm));
        assertFalse(Files.exists(house.runtime(vm)));
    }

    @Test
    void aVmWithUserNetworkIsRefusedBeforeAnythingIsMade() {
        Vm vm = house.draft("beta", NetworkMode.USER);
        Problem problem = assertThrows(Problem.class, () -> house.create(vm));
        assertEquals("firecracker does not serve network user: expected bridge and none", problem.getMessage());
        assertTrue(house.vms.list().isEmpty());
        assertFalse(Files.exists(house.folder(vm)));
    }

    static Runtime runtime(Vm vm) {
        return Objects.requireNonNull(vm.runtime(), "the vm's process");
    }

    @Test
    void aSuspendedVmGoesOnWhereItWas() throws IOException {
        Vm vm = house.create("beta");
        String boot = house.exec(vm, "cat", "/proc/sys/kernel/random/boot_id");
        house.suspension.suspend(vm, Progress.NONE);
        assertEquals(VmState.SUSPENDED, house.now(vm).state());
        assertFalse(Household.hasProcess(vm));
        house.restart();
        house.suspension.resume(vm, Progress.NONE);
        assertEquals(boot, house.exec(vm, "cat", "/proc/sys/kernel/random/boot_id"));
        assertEquals("beta", house.exec(vm, "hostname"));
        house.suspension.suspend(vm, Progress.NONE);
        house.suspension.resume(vm, Progress.NONE);
        assertEquals(boot, house.exec(vm, "cat", "/proc/sys/kernel/random/boot_id"));
    }

    @Test
    void aForkIsACopyWithANameOfItsOwnAndTheSourceGoesOn() throws IOException {
        Vm vm = house.create("beta");
        Vm copy = house.fork(vm, "gamma");
        assertEquals("gamma", house.exec(copy, "hostname"));
        assertEquals("beta", house.exec(vm, "hostname"));
        assertEquals(VmState.RUNNING, house.now(copy).state());
        assertEquals(VmState.RUNNING, house.now(vm).state());
    }
}
