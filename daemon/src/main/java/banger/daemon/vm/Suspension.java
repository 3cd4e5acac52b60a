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
import java.util.function.Predicate;

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
        return suspend(vm, entry -> true, progress);
    }

    /** @param still asked once nothing else can begin with the VM: false leaves it as it is */
    Vm suspend(Vm vm, Predicate<LiveVm> still, Progress progress) {
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
            if (!still.test(entry)) {
                return now;
            }
            sync(now, entry);
            progress.stage("freeze", "writing its memory to the disk");
            vms.store.update(now.withState(VmState.FREEZING));
            FrozenFolder folder = vms.files.suspended(vm.id());
            // Whoever wants into it from here on waits, and wakes it.
            entry.leaving(true);
            try {
                String surroundings = vms.surroundings(now);
                entry.machine().freeze(FrozenMachine.in(folder.begin()));
                folder.commit(vms.fingerprint(now), surroundings);
            } catch (IOException | RuntimeException e) {
                // It may be in place and yet not safe on the disk; the guest goes on, and is not to meet it again.
                folder.remove();
                goOn(now, entry);
                entry.leaving(false);
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
            } catch (IOException | RuntimeException e) {
                vms.sweep(vm);
                boolean still = folder.exists();
                vms.store.update(now.withState(still ? VmState.SUSPENDED : VmState.STOPPED));
                if (still) {
                    vms.ports.open(now, entry.machine().runtime().ports());
                }
                throw failed("resuming vm " + vm.name(), e);
            }
            greet(now, entry);
            return vms.runs(now, entry);
        }
    }

    /** Resumes the VM where it is suspended or about to be; without effect where it is not. */
    public void wake(Vm vm) {
        if (vms.current(vm).state() == VmState.FREEZING) {
            vms.hold(vm).close();
        }
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
            folder.manifest().requireFit(vms.fingerprint(vm), vms.surroundings(vm));
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
            Machine machine = vms.driver.start(vms.plan(same, folder.machine()));
            vms.store.update(vm.withRuntime(VmState.RESUMING, machine.runtime()));
            return new LiveVm(machine);
        } catch (RuntimeException e) {
            vms.sweep(vm);
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

    private static Problem failed(String what, Exception cause) {
        return cause instanceof Problem problem
                ? new Problem(problem.kind(), what + ": " + problem.getMessage(), problem.hint(), problem)
                : DiskFull.orFailed(
                        cause instanceof IOException io ? io : new IOException(cause.toString(), cause), what);
    }
}
