package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A creation that fails at any step is undone; a start that fails leaves the VM stopped. */
class FailedStepTest {
    /** Where it fails. */
    enum Step {
        DISKS("the disk is full"),
        PLAN("a layer is missing"),
        START("the fake does not start"),
        DEAD_BEFORE_HELLO("did not boot"),
        IDENTITY("refused by the test"),
        BOOT("refused by the test"),
        READY("refused by the test");

        final String told;

        Step(String told) {
            this.told = told;
        }
    }

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

    private void failAt(Step step) {
        switch (step) {
            case DISKS -> daemon.files.createFails = true;
            case PLAN -> daemon.files.planFails = true;
            case START -> daemon.driver.startFails = true;
            case DEAD_BEFORE_HELLO -> daemon.driver.onStart = FakeGuest::end;
            case IDENTITY -> daemon.driver.onStart = machine -> machine.agent.refused.add(14);
            case BOOT -> daemon.driver.onStart = machine -> machine.agent.refused.add(11);
            case READY -> daemon.driver.onStart = machine -> machine.agent.refused.add(3);
        }
    }

    private void mend() {
        daemon.files.createFails = false;
        daemon.files.planFails = false;
        daemon.driver.startFails = false;
        daemon.driver.onStart = machine -> {};
    }

    @ParameterizedTest
    @EnumSource
    void aCreationThatFailsLeavesNothingAndItsNameIsFree(Step step) throws IOException {
        failAt(step);
        var failure = assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertTrue(failure.getMessage().contains(step.told), failure.getMessage());
        assertFalse(failure.hint().contains("vm logs one"), "advice about a VM that is gone");
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
        assertEquals(List.of(), daemon.driver.alive());
        mend();
        assertEquals("running", daemon.create("one").state());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DISKS")
    void aStartThatFailsLeavesTheVmStoppedWithItsFiles(Step step) throws IOException {
        daemon.create("one");
        daemon.stop("one", 60);
        failAt(step);
        var failure = assertThrows(
                Client.Refused.class, () -> daemon.client.done(Methods.VM_START, new StartVm("one", null)));
        assertTrue(failure.getMessage().contains(step.told), failure.getMessage());
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals(1, daemon.folders().size());
        assertEquals(List.of(), daemon.driver.alive());
        mend();
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals("running", daemon.show("one").state());
    }

    @Test
    void filesThatAreStillMadeWhenACreationFailsGoWithIt() throws IOException {
        var dead = new CountDownLatch(1);
        daemon.driver.onStart = machine -> {
            machine.end();
            dead.countDown();
        };
        daemon.guestFiles = vm -> {
            await(dead);
            Path place = daemon.paths.vm(vm.id().toString());
            goneOrWaitedFor(place);
            write(place.resolve("key"));
            return List.of();
        };
        assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
    }

    @Test
    void whatCannotBeRemovedKeepsItsRecordUntilItIs() throws IOException {
        failAt(Step.START);
        daemon.files.deleteFails = true;
        var failure = assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertTrue(failure.getMessage().contains("the disk is gone"), failure.getMessage());
        assertEquals("banger vm delete one", failure.hint());
        assertEquals(List.of("one creating"), daemon.states());
        daemon.files.deleteFails = false;
        daemon.client.done(Methods.VM_DELETE, new VmRef("one"));
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
    }

    @Test
    void aProcessThatCannotBeKilledKeepsItsVmRunningUntilItEnds() throws IOException {
        daemon.create("one");
        FakeGuest guest = daemon.machine("one");
        guest.unkillable = true;
        var failure = assertThrows(Client.Refused.class, () -> daemon.stop("one", 0));
        assertTrue(failure.getMessage().contains("the fake still lives"), failure.getMessage());
        assertThrows(Client.Refused.class, () -> daemon.client.done(Methods.VM_KILL, new VmRef("one")));
        assertThrows(Client.Refused.class, () -> daemon.client.done(Methods.VM_DELETE, new VmRef("one")));
        assertEquals(List.of("one running"), daemon.states());
        assertEquals(1, daemon.folders().size());
        guest.unkillable = false;
        daemon.client.done(Methods.VM_DELETE, new VmRef("one"));
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
    }

    @Test
    void aStartWhoseProcessCannotBeKilledIsNotBegunAgainBesideIt() throws IOException {
        daemon.create("one");
        daemon.stop("one", 60);
        daemon.driver.onStart = guest -> {
            guest.unkillable = true;
            guest.agent.refused.add(14);
        };
        var start = new StartVm("one", null);
        assertThrows(Client.Refused.class, () -> daemon.client.done(Methods.VM_START, start));
        assertEquals(List.of("one starting"), daemon.states());
        mend();
        assertThrows(Client.Refused.class, () -> daemon.client.done(Methods.VM_START, start));
        assertEquals(1, daemon.driver.alive().size());
        daemon.driver.alive().getFirst().unkillable = false;
        daemon.client.done(Methods.VM_START, start);
        assertEquals(List.of("one running"), daemon.states());
        assertEquals(1, daemon.driver.alive().size());
    }

    @Test
    void aGuestThatHangsBeforeItsFirstWordIsStartedOnceMore() {
        daemon.driver.onStart = machine -> machine.hung = daemon.driver.started() == 1;
        daemon.create("one");
        assertEquals(List.of("one running"), daemon.states());
        assertEquals(2, daemon.driver.started());
        assertEquals(1, daemon.driver.alive().size());
    }

    @Test
    void aGuestThatHangsEachTimeFailsTheCreation() throws IOException {
        daemon.driver.onStart = machine -> machine.hung = true;
        var failure = assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertTrue(failure.getMessage().contains("did not boot"), failure.getMessage());
        assertEquals(2, daemon.driver.started());
        assertEquals(List.of(), daemon.driver.alive());
        assertEquals(List.of(), daemon.folders());
    }

    @Test
    void aMachineThatDiesWhileBootingTellsItsLastWords() {
        failAt(Step.DEAD_BEFORE_HELLO);
        var failure = assertThrows(Client.Refused.class, () -> daemon.create("one"));
        assertTrue(failure.getMessage().contains("the last words"), failure.getMessage());
    }

    @Test
    void aCancelledCreationIsUndone() throws IOException {
        var begun = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        daemon.driver.onStart = machine -> {
            begun.countDown();
            await(cancelled);
        };
        OperationRef operation = daemon.client.call(Methods.VM_CREATE, TestDaemon.request("one"));
        await(begun);
        daemon.client.call(Methods.OPERATION_CANCEL, operation);
        cancelled.countDown();
        OperationView view = daemon.client.call(Methods.OPERATION_WATCH, operation);
        assertEquals("cancelled", view.state());
        assertEquals(List.of(), daemon.states());
        assertEquals(List.of(), daemon.folders());
        assertEquals(List.of(), daemon.driver.alive());
    }

    @Test
    void oneFailureDoesNotTouchTheOtherVms() {
        daemon.create("one");
        failAt(Step.IDENTITY);
        assertThrows(Client.Refused.class, () -> daemon.create("two"));
        assertEquals(List.of("one running"), daemon.states());
        assertTrue(daemon.machine("one").isAlive());
    }

    /** Long enough for whoever does not wait for what is being made to have removed its folder. */
    private static void goneOrWaitedFor(Path folder) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (Files.exists(folder) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "made late");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
