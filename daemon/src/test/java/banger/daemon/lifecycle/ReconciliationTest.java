package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A daemon that starts finds records and machines as a crash left them. */
class ReconciliationTest {
    private static final int SHUTDOWN = 8;

    @TempDir
    Path folder;

    private TestDaemon daemon;
    private FakeGuest machine;

    @BeforeEach
    void aVmRuns() {
        daemon = new TestDaemon(folder);
        daemon.create("one");
        machine = daemon.machine("one");
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    /** As if the daemon had been killed when the record said so. */
    private void crashedWhile(VmState state) {
        Vm vm = daemon.row("one");
        Vm cut = vm.runtime() == null ? vm.withState(state) : vm.withRuntime(state, vm.runtime());
        daemon.vms.update(cut);
        daemon.restart();
    }

    @Test
    void aRunningVmIsTakenUpAgain() {
        daemon.restart();
        assertEquals(List.of("one running"), daemon.states());
        assertSame(machine, daemon.machine("one"));
        assertTrue(machine.isAlive());
        daemon.stop("one", 60);
        assertTrue(machine.agent.asked.contains(SHUTDOWN), "its agent answers the new daemon");
    }

    @Test
    void aVmWhoseMachineEndedMeanwhileIsStopped() {
        daemon.close();
        machine.end();
        daemon.restart();
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals(null, daemon.row("one").runtime());
    }

    @Test
    void aVmThatEndsAfterItWasTakenUpIsStopped() throws InterruptedException {
        daemon.restart();
        machine.end();
        while (!daemon.show("one").state().equals("stopped")) {
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATING", "DELETING"})
    void whatWasHalfMadeOrHalfDeletedIsGone(VmState state) throws IOException {
        crashedWhile(state);
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
        assertTrue(!machine.isAlive());
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "STOPPING"})
    void aVmThatWasStartingOrStoppingIsStoppedAndHasNoMachine(VmState state) throws IOException {
        crashedWhile(state);
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals(1, daemon.folders().size());
        assertTrue(!machine.isAlive());
    }

    @Test
    void aMachineOfAStoppedVmIsEnded() {
        daemon.vms.update(daemon.row("one").withState(VmState.STOPPED));
        daemon.restart();
        assertEquals(List.of("one stopped"), daemon.states());
        assertTrue(!machine.isAlive());
    }

    @Test
    void aBrokenVmStaysAndCanBeDeleted() {
        daemon.vms.update(daemon.row("one").brokenBy("for the test"));
        daemon.restart();
        assertEquals(List.of("one broken"), daemon.states());
        assertEquals("for the test", daemon.show("one").broken());
        daemon.client.done(banger.wire.rpc.Methods.VM_DELETE, new banger.wire.rpc.VmMessages.VmRef("one"));
        assertEquals(List.of(), daemon.states());
    }

    @Test
    void reconcilingAgainChangesNothing() {
        daemon.restart();
        daemon.restart();
        assertEquals(List.of("one running"), daemon.states());
        assertEquals(1, daemon.driver.started());
    }

    @Test
    void aSuspendedVmWhoseMemoryWasBeingGivenUpIsStopped() {
        daemon.client.done(Methods.VM_SUSPEND, new VmRef("one"));
        daemon.files.suspended(daemon.row("one").id()).remove();
        crashedWhile(VmState.SUSPENDED);
        assertEquals(List.of("one stopped"), daemon.states());
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals(List.of("one running"), daemon.states());
    }
}
