package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A new VM from a frozen one: the machine goes on where it was frozen, held, and is let go when it has an identity of
 * its own.
 */
final class Restore {
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    private final Vms vms;

    Restore(Vms vms) {
        this.vms = vms;
    }

    /**
     * The VM's disks are clones of the frozen one's.
     *
     * @param readiness what is to be waited for: services that are started anew
     * @throws IOException or Problem after the machine was ended again
     */
    LiveVm run(Vm vm, FrozenVm frozen, List<String> readiness, Progress progress) throws IOException {
        progress.stage("restore", "restoring its memory");
        // Keys are made while the machine starts.
        try (var files = vms.setup.filesOfItsOwn(vm)) {
            return adopted(vm, frozen, held(vm, frozen), files, readiness, progress);
        }
    }

    private LiveVm adopted(
            Vm vm, FrozenVm frozen, LiveVm entry, MadeFiles files, List<String> readiness, Progress progress)
            throws IOException {
        try {
            progress.stage("identity", "giving it an identity of its own");
            vms.setup.adopt(vm, session(vm, entry), files);
            Boot.ready(readiness, grown(vm, frozen, entry), progress);
            FaultPoint.GUEST_READY.pass();
            return entry;
        } catch (IOException | RuntimeException e) {
            end(vm, entry);
            throw e;
        }
    }

    /** The machine with its agent's session, its guest still held. @throws IOException or Problem as {@link #run} */
    LiveVm held(Vm vm, FrozenVm frozen) throws IOException {
        Machine machine = vms.driver.start(vms.plan(vm, frozen.machine()));
        var entry = new LiveVm(machine);
        try {
            // Only what a crash is to undo is restored, and it stays that until it is over.
            vms.store.update(vm.withRuntime(vm.state(), machine.runtime()));
            FaultPoint.PROCESS_RECORDED.pass();
            // A guest that is paused opens no stream.
            machine.resume();
            AgentSession session = AgentSession.begin(vm.name(), machine.connectAgent(CONNECT_BOUND));
            entry.session(session);
            session.hello(ANSWER_BOUND);
            FaultPoint.GUEST_GREETED.pass();
            return entry;
        } catch (IOException | RuntimeException e) {
            end(vm, entry);
            throw e;
        }
    }

    private void end(Vm vm, LiveVm entry) {
        entry.closeSession();
        entry.machine().kill();
        vms.sweep(vm);
    }

    private static AgentSession session(Vm vm, LiveVm entry) throws IOException {
        AgentSession session = entry.session();
        if (session == null) {
            throw new IOException("the stream to the guest of " + vm.name() + " ended");
        }
        return session;
    }

    /** Makes its disks as large as they are to be. */
    AgentSession grown(Vm vm, FrozenVm frozen, LiveVm entry) throws IOException {
        AgentSession session = session(vm, entry);
        if (vm.spec().diskBytes() > frozen.diskBytes()) {
            grow(vm, entry.machine(), session);
        }
        return session;
    }

    private void grow(Vm vm, Machine machine, AgentSession session) throws IOException {
        for (String disk : new String[] {"root", "work"}) {
            vms.files.lengthen(vm, disk, vm.spec().diskBytes());
            machine.resizeDisk(disk, vm.spec().diskBytes());
        }
        for (String place : new String[] {"/", "/root"}) {
            session.call(ChannelKind.GROW, request -> request.string(place), ANSWER_BOUND);
        }
    }
}
