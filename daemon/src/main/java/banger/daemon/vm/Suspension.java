package banger.daemon.vm;

import banger.daemon.frozen.FrozenFolder;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Suspends VMs to disk and resumes them.
 *
 * <p>What is frozen and what runs never diverge: a VM counts as suspended from the moment that its memory is whole on
 * the disk, its guest paused, and no longer from the moment before its guest goes on, when that memory is taken away.
 * {@link Reconciliation} finds out by the same sign on which side of it a crash came.
 */
public final class Suspension {
    private static final System.Logger LOG = System.getLogger(Suspension.class.getName());
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    private final Vms vms;

    public Suspension(Vms vms) {
        this.vms = vms;
        vms.ports.onConnection(this::wake);
    }

    /** A VM that is suspended is left as it is. @throws Problem after which the VM goes on */
    public Vm suspend(Vm vm, Progress progress) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            LiveVm entry = vms.live.get(vm.id());
            if (now.state() == VmState.SUSPENDED) {
                return now;
            }
            if (entry == null) {
                throw Vms.wrongState(now, "running", "banger vm start " + vm.name());
            }
            vms.requireFreezes(now);
            sync(now, entry);
            progress.stage("freeze", "writing its memory to the disk");
            vms.store.update(now.withState(VmState.FREEZING));
            FrozenFolder folder = vms.files.suspended(vm.id());
            try {
                entry.machine().freeze(FrozenMachine.in(folder.begin()));
                folder.commit(fitsOn(now));
            } catch (IOException | RuntimeException e) {
                folder.abandon();
                goOn(now, entry);
                throw failed("suspending vm " + vm.name() + " (it goes on)", e);
            }
            List<PublishedPort> ports = entry.machine().runtime().ports();
            vms.release(vm);
            Vm suspended = now.withState(VmState.SUSPENDED);
            vms.store.update(suspended);
            vms.ports.open(suspended, ports);
            return suspended;
        }
    }

    /** What the guest has written goes to its disks, for whoever reads them meanwhile; its memory has it in any case. */
    private static void sync(Vm vm, LiveVm entry) {
        AgentSession session = entry.session();
        if (session == null) {
            return;
        }
        try {
            session.call(ChannelKind.SYNC, request -> {}, ANSWER_BOUND).end();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} is suspended unsynced: {1}", vm.name(), e.getMessage());
        }
    }

    /** A VM that runs is left as it is. @throws Problem after which the VM is still suspended */
    public Vm resume(Vm vm, Progress progress) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            if (vms.live.get(vm.id()) != null) {
                return now;
            }
            if (now.state() != VmState.SUSPENDED) {
                throw Vms.wrongState(now, "suspended", "banger vm start " + vm.name());
            }
            progress.stage("resume", "restoring its memory");
            FrozenFolder folder = vms.files.suspended(vm.id());
            LiveVm entry = restored(now, folder);
            try {
                folder.spend();
                entry.machine().resume();
            } catch (IOException e) {
                vms.driver.sweep(vm.id());
                vms.store.update(now.withState(folder.exists() ? VmState.SUSPENDED : VmState.STOPPED));
                throw failed("resuming vm " + vm.name(), e);
            }
            greet(now, entry);
            return vms.runs(now, entry);
        }
    }

    /** Resumes the VM where it is suspended; without effect where it is not. */
    public void wake(Vm vm) {
        if (vms.current(vm).state() == VmState.SUSPENDED) {
            resume(vm, Progress.NONE);
        }
    }

    /** Gives the memory of a suspended VM up: it is stopped, as after a power cut. Without effect on another. */
    public Vm discard(Vm vm) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            if (now.state() != VmState.SUSPENDED) {
                return now;
            }
            vms.ports.close(now);
            vms.files.suspended(vm.id()).remove();
            Vm stopped = now.withState(VmState.STOPPED);
            vms.store.update(stopped);
            return stopped;
        }
    }

    /** The machine, paused where the VM was frozen. */
    private LiveVm restored(Vm vm, FrozenFolder folder) {
        try {
            folder.verify();
            if (!folder.manifest().fitsOn().equals(fitsOn(vm))) {
                throw new IOException("it was frozen by another driver, version or CPU than are here now");
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "vm " + vm.name() + " cannot be resumed: " + e.getMessage()
                            + "; a cold start keeps its disks and loses its processes and what they had not saved",
                    "banger vm start --cold " + vm.name(),
                    e);
        }
        vms.store.update(vm.withState(VmState.RESUMING));
        // Who knows the port that was chosen for the VM is to find it there again.
        List<PublishedPort> ports = vms.ports.close(vm);
        Vm same = vm.withSpec(vm.spec().withPorts(ports));
        try {
            Machine machine = vms.driver.start(vms.plan(same).from(folder.machine()));
            vms.store.update(vm.withRuntime(VmState.RESUMING, machine.runtime()));
            return new LiveVm(machine);
        } catch (RuntimeException e) {
            vms.driver.sweep(vm.id());
            vms.store.update(vm.withState(VmState.SUSPENDED));
            vms.ports.open(vm, ports);
            throw e;
        }
    }

    /** The guest runs whether or not its agent answers, which is looked for again later. */
    private void greet(Vm vm, LiveVm entry) {
        try {
            AgentSession session = AgentSession.begin(vm.name(), entry.machine().connectAgent(CONNECT_BOUND));
            entry.session(session);
            session.hello(ANSWER_BOUND);
            vms.setup.goOnElsewhere(vm, session);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} has been resumed: {1}", vm.name(), e.getMessage());
        }
    }

    private void goOn(Vm vm, LiveVm entry) {
        try {
            entry.machine().resume();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "vm " + vm.name() + " is paused and does not go on", e);
        }
        vms.store.update(vm.withRuntime(VmState.RUNNING, entry.machine().runtime()));
    }

    private String fitsOn(Vm vm) {
        return vms.driver.choose(vm.spec()).fingerprint();
    }

    private static Problem failed(String what, Exception cause) {
        return cause instanceof Problem problem
                ? new Problem(problem.kind(), what + ": " + problem.getMessage(), problem.hint(), problem)
                : DiskFull.orFailed(
                        cause instanceof IOException io ? io : new IOException(cause.toString(), cause), what);
    }
}
