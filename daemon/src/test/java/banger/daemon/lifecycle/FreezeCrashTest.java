package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.lifecycle.Crash.Moment;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The daemon is killed at each step of freezing and restoring; the next one finds VMs that can be used. */
class FreezeCrashTest {
    private static final VmRef ONE = new VmRef("one");

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

    /** Its guest runs, has lost nothing, and everything can be done with it. */
    private void runsAndCanBeSuspended() {
        assertEquals(List.of("one running"), daemon.states());
        assertFalse(daemon.machine("one").paused);
        assertEquals("unsaved work", daemon.machine("one").memory);
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        daemon.client.done(Methods.VM_RESUME, ONE);
        assertEquals("unsaved work", daemon.machine("one").memory);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aVmThatWasBeingSuspendedGoesOn(Moment moment) {
        daemon.killedAt(moment, () -> daemon.client.done(Methods.VM_SUSPEND, ONE));
        runsAndCanBeSuspended();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_RESUME", "RESUMED"})
    void aVmThatWasBeingResumedGoesOn(Moment moment) {
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        daemon.killedAt(moment, () -> daemon.client.done(Methods.VM_RESUME, ONE));
        runsAndCanBeSuspended();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN", "BEFORE_RESUME", "RESUMED"})
    void theSourceOfAForkGoesOnAndNoHalfCopyIsLeft(Moment moment) {
        daemon.killedAt(moment, () -> daemon.client.done(Methods.VM_FORK, new ForkVm("one", List.of("two"))));
        runsAndCanBeSuspended();
        daemon.client.done(Methods.VM_FORK, new ForkVm("one", List.of("two")));
        assertEquals("unsaved work", daemon.machine("two").memory);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PAUSE", "PAUSED", "MEMORY_WRITTEN", "DEVICES_WRITTEN"})
    void aHalfMadeSnapshotIsNone(Moment moment) {
        var good = new SnapshotRef("one", "good");
        daemon.killedAt(moment, () -> daemon.client.done(Methods.SNAPSHOT_CREATE, good));
        assertEquals(List.of(), daemon.client.call(Methods.SNAPSHOT_LIST, ONE).snapshots());
        runsAndCanBeSuspended();
        daemon.client.done(Methods.SNAPSHOT_CREATE, good);
        daemon.client.done(Methods.SNAPSHOT_RESTORE, good);
        assertEquals(List.of("one running"), daemon.states());
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_RESUME", "RESUMED"})
    void aVmThatWasBeingTakenBackHasTheSnapshotsDisksAndStarts(Moment moment) {
        daemon.files.write(daemon.row("one").id(), "saved work");
        var good = new SnapshotRef("one", "good");
        daemon.client.done(Methods.SNAPSHOT_CREATE, good);
        daemon.files.write(daemon.row("one").id(), "a mess");
        daemon.killedAt(moment, () -> daemon.client.done(Methods.SNAPSHOT_RESTORE, good));
        assertEquals(List.of("one stopped"), daemon.states());
        assertEquals("saved work", daemon.files.read(daemon.row("one").id()));
        assertTrue(daemon.driver.alive().isEmpty());
        daemon.client.done(Methods.VM_START, new StartVm("one", null));
        assertEquals(List.of("one running"), daemon.states());
    }
}
