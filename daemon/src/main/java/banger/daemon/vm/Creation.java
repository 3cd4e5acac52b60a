package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes new VMs: booted, restored from a template, or copied from a frozen VM. A failure leaves nothing of them. */
public final class Creation {
    private static final System.Logger LOG = System.getLogger(Creation.class.getName());

    /** How a new VM may come to life. */
    public enum Way {
        /** From a template where one fits. */
        FASTEST,
        /** Booted, whatever templates there are. */
        COLD
    }

    private final Vms vms;
    private final Templates templates;
    private final Boot boot;
    private final Restore restore;
    private final Pool pool;

    public Creation(Vms vms, Templates templates) {
        this(vms, templates, Pool.NONE);
    }

    /** @param pool what a creation takes from where it can */
    public Creation(Vms vms, Templates templates, WarmPool pool) {
        this(vms, templates, (Pool) pool);
    }

    private Creation(Vms vms, Templates templates, Pool pool) {
        this.vms = vms;
        this.templates = templates;
        this.pool = pool;
        boot = new Boot(vms.driver, vms.store, vms.setup);
        restore = new Restore(vms);
    }

    /** Makes the VM, which must be {@code creating}, and starts it. What it returns may have another id. */
    public Vm create(Vm vm, Way way, Progress progress) {
        Image usable = vms.usableImage(vm);
        vms.driver.require(vm.spec());
        vms.requirePorts(vm);
        Image image = vms.files.current(usable, progress);
        Templates.Offer offer = way == Way.COLD ? Templates.Offer.none(null) : templates.find(vm, image);
        Optional<FrozenVm> template = offer.template();
        Optional<Vm> adopted = template.flatMap(frozen -> adopted(vm, frozen, progress));
        if (adopted.isPresent()) {
            return adopted.get();
        }
        if (offer.fault() != null) {
            progress.stage("cold", offer.fault() + "; booting cold");
        }
        try (var held = vms.hold(vm)) {
            recorded(vm)
                    .then(
                            "making its disks",
                            () -> disks(vm, image, template, progress),
                            () -> vms.files.delete(vm.id()))
                    .then("starting it", () -> start(vm, image, template, progress), () -> vms.release(vm))
                    .run();
            if (way == Way.FASTEST && template.isEmpty()) {
                templates.missed(vm, image);
            }
            return vms.current(vm);
        } catch (Problem e) {
            // Of a creation that failed nothing is kept, its log neither; what could not be removed has its record.
            if (vms.store.find(vm.id()).isPresent()) {
                throw new Problem(e.kind(), e.getMessage(), "banger vm delete " + vm.name(), e);
            }
            throw ("banger vm logs " + vm.name()).equals(e.hint())
                    ? new Problem(e.kind(), e.getMessage(), "banger doctor", e)
                    : e;
        }
    }

    /** A VM from the pool, made that one; none where the pool has none, or that failed and left nothing. */
    private Optional<Vm> adopted(Vm vm, FrozenVm template, Progress progress) {
        Optional<PooledVm> taken = pool.take(vm, template);
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        PooledVm member = taken.get();
        Vm named = member.named(vm);
        try (var held = vms.hold(named);
                var files = vms.setup.filesOfItsOwn(named)) {
            progress.stage("identity", "giving one from the pool its name");
            // From here on it is a creation like any other, which a crash undoes.
            vms.store.update(named);
            AgentSession session = member.entry().session();
            if (session == null) {
                throw new IOException("its agent is gone");
            }
            vms.setup.rename(named, session, member.changed(files.get()));
            return Optional.of(vms.runs(named, member.entry()));
        } catch (IOException | RuntimeException e) {
            WarmPool.end(vms, member);
            if (e instanceof Problem problem && problem.kind() == Problem.Kind.ALREADY_EXISTS) {
                throw problem;
            }
            LOG.log(System.Logger.Level.WARNING, "vm " + vm.name() + ": one from the pool could not be had", e);
            return Optional.empty();
        }
    }

    /** Makes the VM, which must be {@code creating}, a running copy of the frozen one, which others may be made of. */
    Vm copy(Vm vm, FrozenVm frozen, Progress progress) {
        return copy(vm, frozen, () -> vms.files.clone(vm, frozen), progress);
    }

    /** The same for the last of them. */
    Vm lastCopy(Vm vm, FrozenVm frozen, Progress progress) {
        return copy(vm, frozen, () -> vms.files.take(vm, frozen), progress);
    }

    private Vm copy(Vm vm, FrozenVm frozen, Runnable disks, Progress progress) {
        try (var held = vms.hold(vm)) {
            recorded(vm)
                    .then("cloning its disks", disks::run, () -> vms.files.delete(vm.id()))
                    .then("starting it", () -> restored(vm, frozen, progress), () -> vms.release(vm))
                    .run();
            return vms.current(vm);
        }
    }

    private Steps recorded(Vm vm) {
        return new Steps().then("recording the vm", () -> record(vm), () -> vms.unrecord(vm));
    }

    private void record(Vm vm) {
        vms.store.insert(vm);
        FaultPoint.VM_RECORDED.pass();
    }

    private void disks(Vm vm, Image image, Optional<FrozenVm> template, Progress progress) {
        progress.stage("disks", "cloning its disks");
        if (template.isPresent()) {
            vms.files.clone(vm, template.get());
        } else {
            vms.files.create(vm, image);
        }
        FaultPoint.DISKS_MADE.pass();
    }

    private void start(Vm vm, Image image, Optional<FrozenVm> template, Progress progress) {
        if (template.isEmpty()) {
            booted(vm, image, progress);
            return;
        }
        try {
            vms.runs(vm, restore.run(vm, template.get(), ofServices(image), progress));
        } catch (IOException | RuntimeException e) {
            // A template that cannot be restored costs the time of the attempt, and no more.
            progress.checkCancelled();
            if (e instanceof Problem problem && problem.kind() == Problem.Kind.ALREADY_EXISTS) {
                // It is not the template's fault, and booting would meet it as well.
                throw problem;
            }
            LOG.log(System.Logger.Level.WARNING, "vm " + vm.name() + ": the template could not be restored", e);
            templates.distrust(template.get(), String.valueOf(e.getMessage()));
            progress.stage("cold", "the template could not be restored (" + e.getMessage() + "); booting cold");
            vms.files.delete(vm.id());
            vms.files.create(vm, image);
            booted(vm, image, progress);
        }
    }

    private void restored(Vm vm, FrozenVm frozen, Progress progress) {
        try {
            vms.runs(vm, restore.run(vm, frozen, List.of(), progress));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "vm " + vm.name() + " could not be restored: " + e.getMessage(),
                    "banger daemon logs",
                    e);
        }
    }

    /** Those of the image's conditions that a restored guest, whose services are started anew, does not meet at once. */
    static List<String> ofServices(Image image) {
        return image.readiness().stream()
                .filter(condition -> !condition.equals("agent"))
                .toList();
    }

    /** Waits until the guest's own start is over, as well as what its image counts as ready. @throws Problem */
    public void awaitInit(Vm vm, Progress progress) {
        var conditions = new ArrayList<>(vms.usableImage(vm).readiness());
        conditions.add("init");
        try {
            Boot.ready(conditions, vms.live.session(vm), progress);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "vm " + vm.name() + " runs, and its start is not over: " + e.getMessage(),
                    "banger vm logs " + vm.name(),
                    e);
        }
    }

    private void booted(Vm vm, Image image, Progress progress) {
        vms.runs(vm, boot.run(vm, image, vms.files.plan(vm, image), progress));
    }
}
