package banger.daemon.vm;

import banger.daemon.guest.ChannelKind;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Creates, starts, stops and deletes VMs.
 *
 * <p>Whatever is about to be made is recorded first: a VM is {@code creating} before it has a folder, {@code starting}
 * before it has a process, {@code deleting} before its files go. {@link Reconciliation} reads those records after a
 * crash. Work on the same VM comes one after the other; work on different VMs runs side by side.
 */
public final class Lifecycle {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());
    private static final Duration SHUTDOWN_REPLY_BOUND = Duration.ofSeconds(5);

    private final VmStore store;
    private final ImageStore images;
    private final VmFiles files;
    private final Driver driver;
    private final GuestSetup setup;
    private final Templates templates;
    private final Boot boot;
    private final Restore restore;
    private final LiveVms live;
    private final VmLocks locks = new VmLocks();

    /** A life cycle in which every VM boots cold. */
    public Lifecycle(VmStore store, ImageStore images, VmFiles files, Driver driver, GuestSetup setup, LiveVms live) {
        this(store, images, files, Templates.NONE, driver, setup, live);
    }

    public Lifecycle(
            VmStore store,
            ImageStore images,
            VmFiles files,
            Templates templates,
            Driver driver,
            GuestSetup setup,
            LiveVms live) {
        this.store = store;
        this.images = images;
        this.files = files;
        this.driver = driver;
        this.live = live;
        this.setup = setup;
        this.templates = templates;
        boot = new Boot(driver, store, setup);
        restore = new Restore(driver, store, files, setup);
    }

    /** As {@link #create(Vm, boolean, Progress)}, from a template where one fits. */
    public Vm create(Vm vm, Progress progress) {
        return create(vm, false, progress);
    }

    /**
     * Makes the VM, which must be {@code creating}, and starts it, from a template where one fits; a failure leaves
     * nothing of it.
     *
     * @param cold whether templates are left alone
     */
    public Vm create(Vm vm, boolean cold, Progress progress) {
        Image usable = usableImage(vm.imageId(), vm.name());
        driver.require(vm.spec());
        Image image = files.current(usable, progress);
        Optional<Templates.Frozen> template = cold ? Optional.empty() : templates.find(vm, image);
        try (var held = locks.hold(vm.id(), vm.name())) {
            var steps = new Steps()
                    .then("recording the vm", () -> store.insert(vm), () -> unrecord(vm))
                    .then(
                            "making its disks",
                            () -> makeDisks(vm, image, template, progress),
                            () -> files.delete(vm.id()));
            if (template.isPresent()) {
                steps.then("starting it", () -> restoreAndAdd(vm, image, template.get(), progress), () -> {});
            } else {
                steps.then("starting it", () -> bootAndAdd(vm, image, progress), () -> {});
            }
            steps.run();
            return current(vm);
        }
    }

    /** Starts a stopped VM; one that runs is left as it is. */
    public Vm start(Vm vm, Progress progress) {
        try (var held = locks.hold(vm.id(), vm.name())) {
            Vm now = current(vm);
            if (live.get(vm.id()) != null) {
                return now;
            }
            if (now.state() == VmState.BROKEN) {
                throw new Problem(
                        Problem.Kind.WRONG_STATE,
                        "vm " + vm.name() + " is broken: " + now.broken(),
                        "banger vm delete " + vm.name());
            }
            Image usable = usableImage(now.imageId(), now.name());
            try {
                // Its disks are made; only files of the user's may have changed since.
                Image image = usable.isManaged() ? usable : files.current(usable, progress);
                bootAndAdd(now, image, progress);
            } catch (RuntimeException e) {
                store.update(now.withState(VmState.STOPPED));
                throw e;
            }
            return current(vm);
        }
    }

    /** Records the VM's new shape, which its next start goes by. */
    public Vm change(Vm vm, UnaryOperator<VmSpec> change) {
        try (var held = locks.hold(vm.id(), vm.name())) {
            Vm now = current(vm);
            if (now.state() == VmState.BROKEN) {
                throw new Problem(
                        Problem.Kind.WRONG_STATE,
                        "vm " + vm.name() + " is broken: " + now.broken(),
                        "banger vm delete " + vm.name());
            }
            Vm changed = now.withSpec(change.apply(now.spec()));
            store.update(changed);
            return changed;
        }
    }

    /** Asks the guest to shut down, and forces it after the grace period; a stopped VM is left as it is. */
    public Vm stop(Vm vm, Duration grace, Progress progress) {
        try (var held = locks.hold(vm.id(), vm.name())) {
            LiveVm entry = live.get(vm.id());
            if (entry != null) {
                store.update(current(vm).withState(VmState.STOPPING));
                progress.stage("shutdown", "asking the guest to shut down");
                if (!shutDown(vm, entry, grace)) {
                    progress.stage("force", "forcing it off");
                }
            }
            return ended(vm);
        }
    }

    /**
     * Does the work while the VM is stopped and stays so.
     *
     * @throws Problem WRONG_STATE where it is not stopped
     */
    public void whileStopped(Vm vm, java.util.function.Consumer<Vm> work) {
        try (var held = locks.hold(vm.id(), vm.name())) {
            Vm now = current(vm);
            if (now.state() != VmState.STOPPED || live.get(vm.id()) != null) {
                throw new Problem(
                        Problem.Kind.WRONG_STATE,
                        "vm " + vm.name() + " is " + now.state().name().toLowerCase(Locale.ROOT) + ", not stopped",
                        "banger vm stop " + vm.name());
            }
            work.accept(now);
        }
    }

    /** Ends the VM's process at once, also while other work on the VM is under way, which then fails. */
    public Vm kill(Vm vm) {
        LiveVm early = live.get(vm.id());
        Runtime recorded = current(vm).runtime();
        if (early != null) {
            early.machine().kill();
        } else if (recorded != null) {
            driver.sweep(vm.id());
        }
        try (var held = locks.hold(vm.id(), vm.name())) {
            return ended(vm);
        }
    }

    /** Ends the VM and removes all that it owned; idempotent. */
    public void delete(Vm vm, Progress progress) {
        LiveVm early = live.get(vm.id());
        if (early != null) {
            early.machine().kill();
        }
        try (var held = locks.hold(vm.id(), vm.name())) {
            var found = store.find(vm.id());
            if (found.isEmpty()) {
                return;
            }
            progress.stage("delete", "deleting " + vm.name());
            store.update(found.get().withState(VmState.DELETING));
            finishDelete(vm);
        }
        locks.forget(vm.id());
    }

    void finishDelete(Vm vm) {
        release(vm);
        files.delete(vm.id());
        unrecord(vm);
    }

    private void unrecord(Vm vm) {
        store.delete(vm.id());
        setup.forget(vm);
    }

    /** The process has ended by itself: a shutdown from inside, or a crash. */
    void exited(Vm vm, LiveVm entry) {
        try (var held = locks.hold(vm.id(), vm.name())) {
            if (live.get(vm.id()) == entry) {
                LOG.log(System.Logger.Level.INFO, "vm {0} has ended by itself", vm.name());
                ended(vm);
            }
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} has ended: {1}", vm.name(), e.getMessage());
        }
    }

    private void makeDisks(Vm vm, Image image, Optional<Templates.Frozen> template, Progress progress) {
        progress.stage("disks", "cloning its disks");
        if (template.isPresent()) {
            files.clone(vm, template.get());
        } else {
            files.create(vm, image);
        }
    }

    /** A template that cannot be restored costs the time of the attempt, and no more. */
    private void restoreAndAdd(Vm vm, Image image, Templates.Frozen template, Progress progress) {
        LiveVm entry;
        try {
            entry = restore.run(vm, template, files.plan(vm, image), progress);
        } catch (IOException | RuntimeException e) {
            progress.checkCancelled();
            LOG.log(System.Logger.Level.WARNING, "vm " + vm.name() + ": the template could not be restored", e);
            templates.distrust(template, String.valueOf(e.getMessage()));
            progress.stage("cold", "the template could not be restored (" + e.getMessage() + "), booting cold");
            files.delete(vm.id());
            files.create(vm, image);
            bootAndAdd(vm, image, progress);
            return;
        }
        live.add(vm, entry, this::exited);
        store.update(vm.withRuntime(VmState.RUNNING, entry.machine().runtime()));
    }

    private void bootAndAdd(Vm vm, Image image, Progress progress) {
        LiveVm entry = boot.run(vm, image, files.plan(vm, image), progress);
        live.add(vm, entry, this::exited);
        store.update(vm.withRuntime(VmState.RUNNING, entry.machine().runtime()));
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
                live.session(vm).call(ChannelKind.SHUTDOWN, request -> request.u8(0), SHUTDOWN_REPLY_BOUND);
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

    /** Makes sure that no process is left, and records the VM as stopped. */
    private Vm ended(Vm vm) {
        release(vm);
        Vm now = current(vm);
        if (now.state() != VmState.BROKEN) {
            now = now.withState(VmState.STOPPED);
            store.update(now);
        }
        return now;
    }

    private void release(Vm vm) {
        LiveVm entry = live.get(vm.id());
        if (entry != null) {
            live.remove(vm.id(), entry);
            entry.closeSession();
            entry.machine().kill();
        }
        driver.sweep(vm.id());
    }

    private Vm current(Vm vm) {
        return store.find(vm.id())
                .orElseThrow(() ->
                        new Problem(Problem.Kind.NOT_FOUND, "vm " + vm.name() + " has been deleted", "banger vm list"));
    }

    private Image usableImage(UUID id, String vmName) {
        Image image = images.find(id)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.NOT_FOUND, "the image of vm " + vmName + " is gone", "banger image list"));
        if (image.broken() != null) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " is broken: " + image.broken(),
                    "banger image bootstrap " + image.name().toLowerCase(Locale.ROOT) + " --force");
        }
        return image;
    }
}
