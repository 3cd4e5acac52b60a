package banger.daemon.vm;

import banger.daemon.guest.ChannelKind;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Starts, stops and deletes VMs.
 *
 * <p>Whatever is about to be made is recorded first: a VM is {@code creating} before it has a folder, {@code starting}
 * before it has a process, {@code deleting} before its files go. {@link Reconciliation} reads those records after a
 * crash. Work on the same VM comes one after the other; work on different VMs runs side by side.
 */
public final class Lifecycle {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());
    private static final Duration SHUTDOWN_REPLY_BOUND = Duration.ofSeconds(5);

    private final Vms vms;
    private final Suspension suspension;
    private final Boot boot;

    public Lifecycle(Vms vms, Suspension suspension) {
        this.vms = vms;
        this.suspension = suspension;
        boot = new Boot(vms.driver, vms.store, vms.setup);
    }

    /** Starts a stopped VM, and resumes a suspended one; one that runs is left as it is. */
    public Vm start(Vm vm, Progress progress) {
        if (vms.current(vm).state() == VmState.SUSPENDED) {
            return suspension.resume(vm, progress);
        }
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            if (vms.live.get(vm.id()) != null) {
                return now;
            }
            if (now.state() == VmState.BROKEN) {
                throw Vms.brokenProblem(now);
            }
            if (now.state().mayRun()) {
                // A start before this one has a process that could not be ended.
                vms.release(now);
            }
            vms.requirePorts(now);
            try {
                vms.takeBack(now);
                vms.files.settle(now);
                Image usable = vms.usableImage(now);
                // Its disks are made; only files of the user's may have changed since.
                Image image = usable.isManaged() ? usable : vms.files.current(usable, progress);
                return vms.runs(now, boot.run(now, image, vms.files.plan(now, image), progress));
            } catch (RuntimeException e) {
                vms.release(now);
                vms.store.update(now.withState(VmState.STOPPED));
                throw e;
            }
        }
    }

    /** Stops it, if it could be started again, and starts it. */
    public Vm restart(Vm vm, Duration grace, Progress progress) {
        vms.requirePorts(vms.current(vm));
        stop(vm, grace, progress);
        return start(vm, progress);
    }

    /** As {@link #start}, but a suspended VM's memory is given up. */
    public Vm startCold(Vm vm, Progress progress) {
        return start(suspension.discard(vm), progress);
    }

    /** Records the VM's new shape, which its next start goes by. */
    public Vm change(Vm vm, UnaryOperator<VmSpec> change) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            if (now.state() == VmState.BROKEN) {
                throw Vms.brokenProblem(now);
            }
            Vm changed = now.withSpec(change.apply(now.spec()));
            if (now.state() == VmState.SUSPENDED
                    && !changed.spec().publish().equals(now.spec().publish())) {
                throw new Problem(
                        Problem.Kind.WRONG_STATE,
                        "vm " + now.name() + " is suspended, and its ports are waited on",
                        "banger vm stop " + now.name());
            }
            vms.store.update(changed);
            return changed;
        }
    }

    /**
     * Asks the guest to shut down, and forces it after the grace period; a stopped VM is left as it is, a suspended one
     * goes on to shut down.
     */
    public Vm stop(Vm vm, Duration grace, Progress progress) {
        if (vms.current(vm).state() == VmState.SUSPENDED) {
            suspension.resume(vm, progress);
        }
        try (var held = vms.hold(vm)) {
            return end(vm, grace, progress);
        }
    }

    private Vm end(Vm vm, Duration grace, Progress progress) {
        LiveVm entry = vms.live.get(vm.id());
        try {
            if (entry != null) {
                vms.store.update(vms.current(vm).withState(VmState.STOPPING));
                FaultPoint.STOP_RECORDED.pass();
                progress.stage("shutdown", "asking the guest to shut down");
                if (!shutDown(vm, entry, grace)) {
                    progress.stage("force", "forcing it off");
                }
                FaultPoint.GUEST_DOWN.pass();
            }
            return vms.ended(vm);
        } catch (RuntimeException e) {
            // It is on its way no more: the record says how far it came.
            boolean runs = entry != null && vms.live.get(vm.id()) == entry;
            Vm now = vms.current(vm);
            if (now.state() == VmState.STOPPING) {
                vms.store.update(
                        runs
                                ? now.withRuntime(
                                        VmState.RUNNING, entry.machine().runtime())
                                : now.withState(VmState.STOPPED));
            }
            throw e;
        }
    }

    /**
     * Does the work while the VM is stopped or suspended and stays so.
     *
     * @throws Problem WRONG_STATE where it is neither
     */
    public void whileStopped(Vm vm, Consumer<Vm> work) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            boolean still = now.state() == VmState.STOPPED || now.state() == VmState.SUSPENDED;
            if (!still || vms.live.get(vm.id()) != null) {
                throw Vms.wrongState(now, "stopped or suspended", "banger vm stop " + vm.name());
            }
            work.accept(now);
        }
    }

    /** Ends the VM's process at once, also while other work on the VM is under way, which then fails. */
    public Vm kill(Vm vm) {
        LiveVm early = vms.live.get(vm.id());
        Runtime recorded = vms.current(vm).runtime();
        if (early != null) {
            early.machine().kill();
        } else if (recorded != null) {
            vms.sweep(vm);
        }
        suspension.discard(vm);
        try (var held = vms.hold(vm)) {
            return vms.ended(vm);
        }
    }

    /** Ends the VM and removes all that it owned; idempotent. */
    public void delete(Vm vm, Progress progress) {
        // Its process ends once that is recorded: what notices the end would have the VM stopped.
        try (var held = vms.holdBeforeOthers(vm)) {
            var found = vms.store.find(vm.id());
            if (found.isEmpty()) {
                return;
            }
            progress.stage("delete", "deleting " + vm.name());
            vms.store.update(found.get().withState(VmState.DELETING));
            FaultPoint.DELETION_RECORDED.pass();
            try {
                vms.finishDelete(vm);
            } catch (RuntimeException e) {
                // A process that cannot be ended has all that it had.
                if (vms.live.get(vm.id()) != null) {
                    vms.store.update(found.get());
                }
                throw e;
            }
        }
        vms.forgetLock(vm);
    }

    /** Whether the guest shut itself down within the grace period. */
    private boolean shutDown(Vm vm, LiveVm entry, Duration grace) {
        if (grace.isZero()) {
            return false;
        }
        var outcome = new CompletableFuture<Boolean>();
        entry.machine().exited().thenRun(() -> outcome.complete(true));
        // Sending may block where the guest no longer reads, so it has a thread that nobody waits for.
        Thread.ofVirtual().name("shutdown").start(() -> {
            try {
                // A daemon that has just started may still be opening the stream.
                vms.live.session(vm).call(ChannelKind.SHUTDOWN, request -> request.u8(0), SHUTDOWN_REPLY_BOUND);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no answer to shutdown: {0}", e.getMessage());
            } catch (Problem e) {
                LOG.log(System.Logger.Level.WARNING, "vm {0} cannot be asked: {1}", vm.name(), e.getMessage());
                outcome.complete(false);
            }
        });
        try {
            return outcome.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
