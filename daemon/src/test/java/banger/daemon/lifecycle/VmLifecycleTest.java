package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** What the calls about a VM do to its record, its files and its machine. */
class VmLifecycleTest {
    private static final int SHUTDOWN = 8;

    @TempDir
    Path folder;

    private TestDaemon daemon;

    @BeforeEach
    void start() {
        daemon = new TestDaemon(folder);
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    @Test
    void aCreatedVmRuns() {
        assertEquals("running", daemon.create("one").state());
        assertTrue(daemon.machine("one").isAlive());
        assertEquals(List.of("one running"), daemon.states());
    }

    @Test
    void theGuestGetsItsIdentityBeforeItsInitMayStart() {
        daemon.create("one");
        int identity = 14;
        int boot = 11;
        int ready = 3;
        assertEquals(List.of(identity, boot, ready), List.copyOf(daemon.machine("one").agent.asked));
    }

    @Test
    void stopIsIdempotent() {
        daemon.create("one");
        daemon.stop("one", 60);
        assertEquals("stopped", daemon.show("one").state());
        daemon.stop("one", 60);
        assertEquals("stopped", daemon.show("one").state());
        assertEquals(1, daemon.driver.started());
    }

    @Test
    void stopAsksTheGuestFirst() {
        FakeGuest machine = machineOf("one");
        daemon.stop("one", 60);
        assertTrue(machine.agent.asked.contains(SHUTDOWN));
    }

    @Test
    void aGuestThatDoesNotShutDownIsForced() {
        FakeGuest machine = machineOf("one");
        machine.agent.ignored.add(SHUTDOWN);
        daemon.stop("one", 1);
        assertTrue(!machine.isAlive());
        assertEquals("stopped", daemon.show("one").state());
    }

    @Test
    void aGuestThatRefusesToShutDownIsForced() {
        FakeGuest machine = machineOf("one");
        machine.agent.refused.add(SHUTDOWN);
        daemon.stop("one", 1);
        assertTrue(!machine.isAlive());
    }

    @Test
    void aVmWhoseStreamIsJustBeingOpenedIsStillAsked() {
        FakeGuest machine = machineOf("one");
        for (int i = 0; i < 3; i++) {
            daemon.restart();
            machine.breakStream();
        }
        daemon.stop("one", 60);
        assertTrue(machine.agent.asked.contains(SHUTDOWN));
    }

    @Test
    void killDoesNotAskAndIsIdempotent() {
        FakeGuest machine = machineOf("one");
        daemon.client.done(Methods.VM_KILL, new VmRef("one"));
        daemon.client.done(Methods.VM_KILL, new VmRef("one"));
        assertTrue(!machine.agent.asked.contains(SHUTDOWN));
        assertEquals("stopped", daemon.show("one").state());
    }

    @Test
    void startIsIdempotentAndBootsAStoppedVm() {
        FakeGuest first = machineOf("one");
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals(1, daemon.driver.started());
        daemon.stop("one", 60);
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals("running", daemon.show("one").state());
        assertNotEquals(first, daemon.machine("one"));
    }

    @Test
    void deleteLeavesNothing() throws IOException {
        FakeGuest machine = machineOf("one");
        daemon.client.done(Methods.VM_DELETE, new VmRef("one"));
        assertTrue(!machine.isAlive());
        assertNothingIsLeft();
    }

    @Test
    void aStoppedVmCanBeDeleted() throws IOException {
        daemon.create("one");
        daemon.stop("one", 60);
        daemon.client.done(Methods.VM_DELETE, new VmRef("one"));
        assertNothingIsLeft();
    }

    @Test
    void aMachineThatEndsByItselfIsStopped() throws InterruptedException {
        machineOf("one").end();
        awaitState("one", "stopped");
        assertEquals(null, daemon.row("one").runtime());
    }

    @Test
    void aStreamThatBreaksIsOpenedAgain() {
        FakeGuest machine = machineOf("one");
        machine.breakStream();
        assertTrue(daemon.client.call(Methods.VM_STATS, new VmRef("one")).name().equals("one"));
        daemon.stop("one", 60);
        assertTrue(machine.agent.asked.contains(SHUTDOWN), "the second stream carried the request");
    }

    @Test
    void aPrefixThatFitsTwoIsAnErrorThatListsThem() {
        daemon.create("beta-one");
        daemon.create("beta-two");
        var refused = assertThrows(Client.Refused.class, () -> daemon.show("beta"));
        assertEquals("ambiguous", refused.kind());
        assertTrue(refused.getMessage().contains("beta-one")
                && refused.getMessage().contains("beta-two"));
        assertEquals("beta-two", daemon.show("beta-t").name());
    }

    @Test
    void whatIsUnknownIsNotFound() {
        for (var method : List.of(Methods.VM_KILL, Methods.VM_DELETE, Methods.VM_SUSPEND, Methods.VM_RESUME)) {
            var refused = assertThrows(Client.Refused.class, () -> daemon.client.call(method, new VmRef("nobody")));
            assertEquals("not_found", refused.kind());
            assertTrue(refused.getMessage().contains("nobody"));
        }
    }

    @Test
    void aTakenNameIsRefusedAndTheFirstVmGoesOn() throws IOException {
        daemon.create("one");
        var refused = assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertEquals("already_exists", refused.kind());
        assertEquals(List.of("one running"), daemon.states());
        assertEquals(1, daemon.folders().size());
    }

    private FakeGuest machineOf(String name) {
        daemon.create(name);
        return daemon.machine(name);
    }

    private void awaitState(String vm, String state) throws InterruptedException {
        while (!daemon.show(vm).state().equals(state)) {
            Thread.sleep(10);
        }
    }

    private void assertNothingIsLeft() throws IOException {
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
        assertEquals(List.of(), daemon.driver.alive());
    }
}
