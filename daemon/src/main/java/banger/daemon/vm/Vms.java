package banger.daemon.vm;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The VMs as they are recorded and as they live, and the locks under which work on them is done: what the classes that
 * do that work have in common.
 */
public final class Vms {
    private static final System.Logger LOG = System.getLogger(Vms.class.getName());

    final VmStore store;
    final VmFiles files;
    final Driver driver;
    final GuestSetup setup;
    final LiveVms live;
    final WakingPorts ports = new WakingPorts();
    private final ImageStore images;
    private final VmLocks locks = new VmLocks();

    public Vms(VmStore store, ImageStore images, VmFiles files, Driver driver, GuestSetup setup, LiveVms live) {
        this.store = store;
        this.images = images;
        this.files = files;
        this.driver = driver;
        this.setup = setup;
        this.live = live;
    }

    /** Work on the same VM comes one after the other. */
    VmLocks.Held hold(Vm vm) {
        return locks.hold(vm.id(), vm.name());
    }

    /** The same; other work that is under way loses the VM's process, and so fails soon. */
    VmLocks.Held holdBeforeOthers(Vm vm) {
        VmLocks.Held free = locks.holdIfFree(vm.id());
        if (free != null) {
            return free;
        }
        LiveVm entry = live.get(vm.id());
        if (entry != null) {
            entry.machine().kill();
        }
        return hold(vm);
    }

    Vm current(Vm vm) {
        return store.find(vm.id())
                .orElseThrow(() ->
                        new Problem(Problem.Kind.NOT_FOUND, "vm " + vm.name() + " has been deleted", "banger vm list"));
    }

    /** Ends what a snapshot's restoration has begun; without effect where there is none. */
    void takeBack(Vm vm) {
        files.finishTakingBack(vm, workspace -> store.setWorkspace(vm.id(), workspace));
    }

    Image usableImage(Vm vm) {
        Image image = images.find(vm.imageId())
                .orElseThrow(() -> new Problem(
                        Problem.Kind.NOT_FOUND, "the image of vm " + vm.name() + " is gone", "banger image list"));
        if (image.broken() != null) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " is broken: " + image.broken(),
                    "banger image bootstrap " + image.name().toLowerCase(Locale.ROOT) + " --force");
        }
        return image;
    }

    /**
     * To be asked before anything is made, or ended, for the VM's start.
     *
     * @throws Problem where another VM or program has a port that it publishes
     */
    void requirePorts(Vm vm) {
        List<PublishedPort> wanted = vm.spec().publish().stream()
                .filter(port -> port.hostPort() != 0)
                .toList();
        if (wanted.isEmpty()) {
            return;
        }
        List<Vm> others = store.list().stream()
                .filter(other -> !other.id().equals(vm.id()))
                .toList();
        for (PublishedPort port : wanted) {
            for (Vm other : others) {
                if (served(other).stream().anyMatch(port::clashes)) {
                    throw port.taken(other.name());
                }
            }
            if (served(vm).stream().noneMatch(port::clashes)) {
                port.requireFree();
            }
        }
    }

    /** What is listened on for a VM: by what runs it, or in its stead while it is suspended. */
    private static List<PublishedPort> served(Vm vm) {
        Runtime runtime = vm.runtime();
        if (vm.state().mayRun() && runtime != null) {
            return runtime.ports();
        }
        return vm.state() == VmState.SUSPENDED ? vm.spec().publish() : List.of();
    }

    /** What a driver needs to start the VM. */
    MachinePlan plan(Vm vm) {
        return driver.complete(files.plan(vm, usableImage(vm)));
    }

    /** What a driver needs to have the VM go on from the frozen machine. */
    MachinePlan plan(Vm vm, FrozenMachine from) {
        MachinePlan plan = plan(vm);
        return plan.from(files.lend(vm, from));
    }

    /** What can run the VM's machine once it is frozen. */
    String fingerprint(Vm vm) {
        return driver.choose(vm.spec()).fingerprint();
    }

    /** What the VM's machine relies on and will not have with it when it is frozen. */
    String surroundings(Vm vm) throws IOException {
        Image image = usableImage(vm);
        return files.plan(vm, image).surroundings(image.isManaged());
    }

    /** Ends whatever process there may be of the VM, and gives up what only that needs. */
    void sweep(Vm vm) {
        driver.sweep(vm.id());
        files.forgetMemory(vm.id());
    }

    /** @throws Problem where what runs the VM freezes no machines; nothing has changed then */
    void requireFreezes(Vm vm) {
        Driver own = driver.choose(vm.spec());
        if (!own.capabilities().freezes()) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "vm " + vm.name() + " cannot be frozen: " + own.name() + " freezes no machines");
        }
    }

    static Problem brokenProblem(Vm vm) {
        return new Problem(
                Problem.Kind.WRONG_STATE,
                "vm " + vm.name() + " is broken: " + vm.broken(),
                "banger vm delete " + vm.name());
    }

    static Problem wrongState(Vm vm, String wanted, String next) {
        return new Problem(
                Problem.Kind.WRONG_STATE,
                "vm " + vm.name() + " is " + vm.state().name().toLowerCase(Locale.ROOT) + ", not " + wanted,
                next);
    }

    /** The VM runs: recorded, watched, and its end noticed. */
    Vm runs(Vm vm, LiveVm entry) {
        Vm running = vm.withRuntime(VmState.RUNNING, entry.machine().runtime());
        goesOn(vm, entry);
        store.update(running);
        FaultPoint.RUNNING_RECORDED.pass();
        return running;
    }

    /** The same for a VM that is recorded as running already. */
    void goesOn(Vm vm, LiveVm entry) {
        live.add(vm, entry, this::exited);
    }

    /** Makes sure that no process is left, and records the VM as stopped. */
    Vm ended(Vm vm) {
        release(vm);
        Vm now = current(vm);
        if (now.state() != VmState.BROKEN) {
            now = now.withState(VmState.STOPPED);
            store.update(now);
        }
        return now;
    }

    /** Ends the VM's process, whatever it does. */
    void release(Vm vm) {
        ports.close(vm);
        LiveVm entry = live.get(vm.id());
        if (entry != null) {
            // First, and it stays live where it cannot be killed: whatever it has is in use.
            entry.machine().kill();
            live.remove(vm.id(), entry);
            entry.closeSession();
        }
        sweep(vm);
        FaultPoint.PROCESS_ENDED.pass();
    }

    void finishDelete(Vm vm) {
        release(vm);
        files.delete(vm.id());
        FaultPoint.FILES_DELETED.pass();
        unrecord(vm);
    }

    /** The row goes last, as it accounts for the rest. */
    void unrecord(Vm vm) {
        setup.forget(vm);
        store.delete(vm.id());
        FaultPoint.VM_FORGOTTEN.pass();
    }

    void forgetLock(Vm vm) {
        locks.forget(vm.id());
    }

    /** The process has ended by itself: a shutdown from inside, or a crash. */
    private void exited(Vm vm, LiveVm entry) {
        try (var held = hold(vm)) {
            if (live.get(vm.id()) == entry) {
                LOG.log(System.Logger.Level.INFO, "the process of vm {0} has ended", vm.name());
                ended(vm);
            }
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} has ended: {1}", vm.name(), e.getMessage());
        }
    }
}
