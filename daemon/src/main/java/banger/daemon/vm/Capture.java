package banger.daemon.vm;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Takes a frozen copy of a running VM, which goes on: its guest is held, so that the copy can be given an identity
 * before anything of it runs, and paused for as long as its memory and disks are copied.
 */
final class Capture {
    private static final System.Logger LOG = System.getLogger(Capture.class.getName());
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    private final Vms vms;

    Capture(Vms vms) {
        this.vms = vms;
    }

    /** To be called with the VM held. The folder gets the machine and the disks, and needs nothing else. */
    void into(Path folder, Vm vm, LiveVm entry) throws IOException {
        into(vm, entry, () -> entry.machine().freeze(FrozenMachine.in(folder)), folder);
    }

    /** The same for a folder from which machines are restored right away. */
    void forCopiesInto(Path folder, Vm vm, LiveVm entry) throws IOException {
        into(vm, entry, () -> entry.machine().freezeForCopies(FrozenMachine.in(folder)), folder);
    }

    private interface Freeze {
        void run() throws IOException;
    }

    private void into(Vm vm, LiveVm entry, Freeze freeze, Path folder) throws IOException {
        vms.requireFreezes(vm);
        AgentSession session = vms.live.session(vm);
        if (!session.can("adopt")) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "vm " + vm.name() + " runs since before this banger, and cannot be copied while it runs",
                    "banger vm restart " + vm.name());
        }
        vms.store.update(vm.withState(VmState.FREEZING));
        try {
            session.call(ChannelKind.HOLD, request -> request.u8(1), ANSWER_BOUND)
                    .end();
            freeze.run();
            vms.files.freezeDisks(vm, entry.machine(), folder);
        } finally {
            goOn(vm, entry);
        }
    }

    private void goOn(Vm vm, LiveVm entry) {
        try {
            entry.machine().resume();
            letGo(vm);
        } catch (IOException | Problem e) {
            LOG.log(System.Logger.Level.ERROR, "vm " + vm.name() + " was paused and does not go on", e);
        }
        vms.store.update(vm.withRuntime(VmState.RUNNING, entry.machine().runtime()));
    }

    /** A vsock's connections do not outlive a freeze; a port's do. */
    private void letGo(Vm vm) throws IOException {
        try {
            vms.setup.goOn(vms.live.session(vm));
        } catch (IOException e) {
            vms.setup.goOn(vms.live.session(vm));
        }
    }
}
