package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.lifecycle.Crash.Moment;
import banger.daemon.vm.Vm;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Suspending, forking and taking back a VM: what goes right, and what is left where a step fails. */
class FreezeTest {
    private static final VmRef ONE = new VmRef("one");
    private static final int HOLD = 12;
    private static final int ADOPT = 14;

    @TempDir
    Path folder;

    private TestDaemon daemon;

    @BeforeEach
    void aVmWorks() {
        daemon = new TestDaemon(folder);
        daemon.create("one");
        daemon.machine("one").memory = "unsaved work";
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    private void suspend() {
        daemon.client.done(Methods.VM_SUSPEND, ONE);
    }

    private void resume() {
        daemon.client.done(Methods.VM_RESUME, ONE);
    }

    private Path frozen() {
        return daemon.files.suspended(daemon.row("one").id()).place();
    }

    @Test
    void aResumedVmGoesOnWhereItWasSuspended() {
        suspend();
        assertEquals(List.of("one suspended"), daemon.states());
        assertEquals(List.of(), daemon.driver.alive());
        resume();
        assertEquals(List.of("one running"), daemon.states());
        assertEquals("unsaved work", daemon.machine("one").memory);
        assertFalse(daemon.machine("one").paused);
        assertFalse(Files.exists(frozen()), "what it goes on from is not gone on from twice");
    }

    @Test
    void suspendAndResumeAreIdempotent() {
        resume();
        suspend();
        suspend();
        resume();
        resume();
        assertEquals(2, daemon.driver.started());
    }

    @Test
    void aSuspendedVmOutlivesTheDaemon() {
        suspend();
        daemon.restart();
        assertEquals(List.of("one suspended"), daemon.states());
        resume();
        assertEquals("unsaved work", daemon.machine("one").memory);
    }

    @Test
    void startResumesAndStopShutsTheResumedGuestDown() {
        suspend();
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals("unsaved work", daemon.machine("one").memory);
        suspend();
        daemon.stop("one", 60);
        assertEquals(List.of("one stopped"), daemon.states());
        assertFalse(Files.exists(frozen()));
    }

    @Test
    void whatCannotBeResumedTellsWhatAColdStartLoses() {
        suspend();
        daemon.driver.fingerprint = "another";
        var refused = assertThrows(Client.Refused.class, this::resume);
        assertTrue(refused.getMessage().contains("another driver, version or CPU"), refused.getMessage());
        assertTrue(refused.getMessage().contains("had not saved"), refused.getMessage());
        assertEquals(List.of("one suspended"), daemon.states());
        daemon.client.done(Methods.VM_START, new StartVm("one", true));
        assertEquals("booted", daemon.machine("one").memory);
        assertFalse(Files.exists(frozen()));
    }

    private void awaitSuspension() throws InterruptedException {
        while (!daemon.show("one").state().equals("suspended")) {
            Thread.sleep(10);
        }
    }

    @Test
    void anIdleVmIsSuspendedAndWhenItIsIdleAgainAnotherTime() throws InterruptedException {
        try (var idle = daemon.suspendIdle(Duration.ofSeconds(1))) {
            awaitSuspension();
            resume();
            awaitSuspension();
        }
    }

    @Test
    void damagedMemoryIsNotResumed() throws IOException {
        suspend();
        Path devices = frozen().resolve("devices");
        assertTrue(devices.toFile().setWritable(true));
        Files.writeString(devices, "damaged");
        var refused = assertThrows(Client.Refused.class, this::resume);
        assertTrue(refused.getMessage().contains("devices' state is damaged"), refused.getMessage());
        assertEquals(List.of("one suspended"), daemon.states());
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aSuspendThatFailsLeavesTheVmRunning(Moment moment) {
        daemon.driver.crash.failAt(moment);
        var refused = assertThrows(Client.Refused.class, this::suspend);
        assertTrue(refused.getMessage().contains("it goes on"), refused.getMessage());
        assertEquals(List.of("one running"), daemon.states());
        assertFalse(daemon.machine("one").paused);
        assertFalse(Files.exists(frozen()));
        suspend();
        resume();
        assertEquals("unsaved work", daemon.machine("one").memory);
    }

    @Test
    void aResumeWhoseMachineDoesNotStartLeavesTheVmSuspended() {
        suspend();
        daemon.driver.startFails = true;
        assertThrows(Client.Refused.class, this::resume);
        assertEquals(List.of("one suspended"), daemon.states());
        daemon.driver.startFails = false;
        resume();
        assertEquals("unsaved work", daemon.machine("one").memory);
    }

    @Test
    void aForkHasTheMemoryAndTheDisksAndAnIdentityOfItsOwn() {
        daemon.files.write(daemon.row("one").id(), "saved work");
        daemon.client.done(Methods.VM_FORK, new ForkVm("one", List.of("two", "three")));
        assertEquals(List.of("one running", "three running", "two running"), daemon.states());
        Vm source = daemon.row("one");
        for (String name : List.of("two", "three")) {
            Vm copy = daemon.row(name);
            assertEquals("unsaved work", daemon.machine(name).memory);
            assertEquals("saved work", daemon.files.read(copy.id()));
            assertNotEquals(source.machineId(), copy.machineId());
            assertTrue(daemon.machine(name).agent.asked.contains(ADOPT));
            assertFalse(daemon.machine(name).paused);
        }
        List<Integer> asked = List.copyOf(daemon.machine("one").agent.asked);
        assertEquals(List.of(HOLD, ADOPT), asked.subList(asked.size() - 2, asked.size()));
        assertEquals(List.of(), List.of(daemon.paths.scratch().toFile().list()));
    }

    @Test
    void aForkOntoATakenNameMakesNothing() {
        daemon.create("two");
        for (var names : List.of(List.of("three", "two"), List.of("three", "three"), List.of("Bad Name"))) {
            assertThrows(Client.Refused.class, () -> daemon.client.call(Methods.VM_FORK, new ForkVm("one", names)));
        }
        assertEquals(List.of("one running", "two running"), daemon.states());
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aForkThatFailsLeavesTheSourceRunningAndNothingElse(Moment moment) {
        daemon.driver.crash.failAt(moment);
        assertThrows(
                Client.Refused.class, () -> daemon.client.done(Methods.VM_FORK, new ForkVm("one", List.of("two"))));
        assertEquals(List.of("one running"), daemon.states());
        assertFalse(daemon.machine("one").paused);
        assertEquals(ADOPT, List.copyOf(daemon.machine("one").agent.asked).getLast(), "it is let go");
        assertEquals(List.of(), List.of(daemon.paths.scratch().toFile().list()));
    }

    @Test
    void aVmIsTakenBackToASnapshotAsOftenAsOneLikes() {
        daemon.files.write(daemon.row("one").id(), "saved work");
        daemon.client.done(Methods.SNAPSHOT_CREATE, new SnapshotRef("one", "good"));
        for (int round = 0; round < 2; round++) {
            daemon.machine("one").memory = "a mess";
            daemon.files.write(daemon.row("one").id(), "a mess");
            daemon.client.done(Methods.SNAPSHOT_RESTORE, new SnapshotRef("one", "good"));
            assertEquals(List.of("one running"), daemon.states());
            assertEquals("unsaved work", daemon.machine("one").memory);
            assertEquals("saved work", daemon.files.read(daemon.row("one").id()));
        }
        assertEquals(
                "good",
                daemon.client
                        .call(Methods.SNAPSHOT_LIST, ONE)
                        .snapshots()
                        .getFirst()
                        .name());
        daemon.client.done(Methods.SNAPSHOT_DELETE, new SnapshotRef("one", "good"));
        assertEquals(List.of(), daemon.client.call(Methods.SNAPSHOT_LIST, ONE).snapshots());
    }

    @Test
    void theRecordOfTheWorkspaceIsTakenBackWithTheDisks() {
        daemon.vms.setWorkspace(daemon.row("one").id(), "first");
        daemon.client.done(Methods.SNAPSHOT_CREATE, new SnapshotRef("one", "good"));
        daemon.vms.setWorkspace(daemon.row("one").id(), "second");
        daemon.client.done(Methods.SNAPSHOT_RESTORE, new SnapshotRef("one", "good"));
        assertEquals("first", daemon.row("one").workspace());
    }

    @Test
    void aSnapshotOfAStoppedVmTakesItBackStopped() {
        daemon.stop("one", 60);
        daemon.files.write(daemon.row("one").id(), "saved work");
        daemon.client.done(Methods.SNAPSHOT_CREATE, new SnapshotRef("one", "cold"));
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        daemon.files.write(daemon.row("one").id(), "a mess");
        daemon.client.done(Methods.SNAPSHOT_RESTORE, new SnapshotRef("one", "cold"));
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals("saved work", daemon.files.read(daemon.row("one").id()));
    }

    @Test
    void aSnapshotThatIsNotThereOrThereAlreadyIsAnError() {
        daemon.client.done(Methods.SNAPSHOT_CREATE, new SnapshotRef("one", "good"));
        for (var call : List.of(Methods.SNAPSHOT_RESTORE, Methods.SNAPSHOT_DELETE)) {
            assertThrows(Client.Refused.class, () -> daemon.client.done(call, new SnapshotRef("one", "bad")));
        }
        assertThrows(
                Client.Refused.class,
                () -> daemon.client.done(Methods.SNAPSHOT_CREATE, new SnapshotRef("one", "good")));
        assertEquals(List.of("one running"), daemon.states());
    }
}
