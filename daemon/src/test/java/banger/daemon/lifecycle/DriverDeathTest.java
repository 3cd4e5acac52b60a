package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import banger.daemon.lifecycle.Crash.Moment;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Method;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A driver's process is killed at each step of freezing and restoring: its VM is stopped, and starts again. */
class DriverDeathTest {
    private static final VmRef ONE = new VmRef("one");
    private static final SnapshotRef GOOD = new SnapshotRef("one", "good");

    @TempDir
    Path folder;

    private TestDaemon daemon;

    @BeforeEach
    void aVmWorks() {
        daemon = new TestDaemon(folder);
        daemon.create("one");
        daemon.machine("one").memory = "unsaved work";
        daemon.files.write(daemon.row("one").id(), "saved work");
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    private <P> void killedAt(Moment moment, Method<P, OperationRef> method, P request) {
        daemon.driver.crash.killAt(moment);
        assertThrows(Client.Refused.class, () -> daemon.client.done(method, request));
    }

    /** Its memory is lost, and nothing else; nothing is left that it could wrongly go on from. */
    private void isStoppedAndStarts() throws InterruptedException {
        // What a machine's end brings is told by a thread of its own.
        while (!daemon.show("one").state().equals("stopped")) {
            Thread.sleep(1);
        }
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals(List.of(), daemon.driver.alive());
        assertEquals(
                false,
                Files.exists(daemon.files.suspended(daemon.row("one").id()).place()));
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals(List.of("one running"), daemon.states());
        assertEquals("booted", daemon.machine("one").memory);
        assertEquals("saved work", daemon.files.read(daemon.row("one").id()));
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        daemon.client.done(Methods.VM_RESUME, ONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aVmThatWasBeingSuspendedStarts(Moment moment) throws InterruptedException {
        killedAt(moment, Methods.VM_SUSPEND, ONE);
        isStoppedAndStarts();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_RESUME", "RESUMED"})
    void aVmThatWasBeingResumedStarts(Moment moment) throws InterruptedException {
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        killedAt(moment, Methods.VM_RESUME, ONE);
        isStoppedAndStarts();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void theSourceOfAForkStartsAndNoHalfCopyIsLeft(Moment moment) throws InterruptedException {
        killedAt(moment, Methods.VM_FORK, new ForkVm("one", List.of("two")));
        isStoppedAndStarts();
        assertEquals(List.of(), List.of(daemon.paths.scratch().toFile().list()));
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aHalfMadeSnapshotIsNone(Moment moment) throws InterruptedException {
        killedAt(moment, Methods.SNAPSHOT_CREATE, GOOD);
        assertEquals(List.of(), daemon.client.call(Methods.SNAPSHOT_LIST, ONE).snapshots());
        isStoppedAndStarts();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_RESUME", "RESUMED"})
    void aVmThatWasBeingTakenBackStarts(Moment moment) throws InterruptedException {
        daemon.client.done(Methods.SNAPSHOT_CREATE, GOOD);
        daemon.files.write(daemon.row("one").id(), "a mess");
        killedAt(moment, Methods.SNAPSHOT_RESTORE, GOOD);
        isStoppedAndStarts();
    }
}
