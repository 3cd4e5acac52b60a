package banger.daemon.vm;

import banger.daemon.frozen.FrozenFolder;
import banger.daemon.frozen.FrozenManifest;
import banger.daemon.guest.AgentSession;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Points in a VM's life to which it can be taken back: its disks, and its memory where it ran. */
public final class Snapshots {
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
    private static final int MAX_SNAPSHOTS = 100;

    /**
     * One of them.
     *
     * @param damage why it cannot be used, or empty
     */
    public record Snapshot(String name, boolean running, Instant madeAt, long usedBytes, String damage) {}

    private final Vms vms;
    private final Capture capture;

    public Snapshots(Vms vms) {
        this.vms = vms;
        capture = new Capture(vms);
    }

    /** Of a running VM with its memory, of a stopped one without. */
    public void create(Vm vm, String name, Progress progress) {
        VmName.check(name);
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            FrozenFolder folder = vms.files.snapshot(vm.id(), name);
            if (folder.exists()) {
                throw new Problem(
                        Problem.Kind.ALREADY_EXISTS,
                        "vm " + vm.name() + " has a snapshot named " + name + " already",
                        "banger vm snapshot list " + vm.name());
            }
            if (vms.files.snapshots(vm.id()).size() >= MAX_SNAPSHOTS) {
                throw new Problem(
                        Problem.Kind.RESOURCE_EXHAUSTED,
                        "vm " + vm.name() + " has " + MAX_SNAPSHOTS + " snapshots, the most that it can have",
                        "banger vm snapshot delete " + vm.name() + " NAME");
            }
            progress.stage("freeze", "copying its memory and disks");
            LiveVm entry = vms.live.get(vm.id());
            try {
                if (entry != null) {
                    capture.into(folder.begin(), now, entry);
                } else if (now.state() == VmState.STOPPED) {
                    vms.files.freezeDisks(now, null, folder.begin());
                } else {
                    throw Vms.wrongState(now, "running or stopped", "banger vm start " + vm.name());
                }
                progress.stage("store", "putting it in place");
                folder.commit(vms.fingerprint(now), vms.surroundings(now));
            } catch (IOException e) {
                throw DiskFull.orFailed(e, "making a snapshot of vm " + vm.name());
            } finally {
                folder.abandon();
            }
        }
    }

    public List<Snapshot> list(Vm vm) {
        return vms.files.snapshots(vm.id()).stream()
                .map(name -> view(vm.id(), name))
                .toList();
    }

    private Snapshot view(UUID vm, String name) {
        FrozenFolder folder = vms.files.snapshot(vm, name);
        try {
            FrozenManifest manifest = folder.manifest();
            return new Snapshot(name, manifest.runs(), manifest.madeAt(), folder.usedBytes(), "");
        } catch (IOException e) {
            return new Snapshot(name, false, Instant.EPOCH, folder.usedBytes(), String.valueOf(e.getMessage()));
        }
    }

    public void delete(Vm vm, String name) {
        try (var held = vms.hold(vm)) {
            existing(vm, name).remove();
        }
    }

    /**
     * Takes the VM back: what it did since is lost. It runs afterwards where it ran at that point, and is stopped where
     * it was stopped. @throws Problem before which nothing has changed, or after which the VM is stopped at that point
     */
    public Vm restore(Vm vm, String name, Progress progress) {
        try (var held = vms.hold(vm)) {
            Vm now = vms.current(vm);
            FrozenFolder folder = existing(vm, name);
            boolean runs = check(now, folder);
            progress.stage("disks", "taking its disks back to " + name);
            vms.release(now);
            vms.files.suspended(vm.id()).remove();
            // Should a crash come between, the next daemon does it once more.
            vms.files.beginTakingBack(vm.id(), name);
            vms.store.update(now.withState(VmState.STOPPED));
            vms.takeBack(vm);
            return runs ? goOn(now, folder, progress) : vms.current(vm);
        }
    }

    private boolean check(Vm vm, FrozenFolder folder) {
        try {
            FrozenManifest manifest = folder.manifest();
            if (!manifest.runs()) {
                return false;
            }
            folder.verify();
            manifest.requireFit(vms.fingerprint(vm), vms.surroundings(vm));
            return true;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "the snapshot " + folder.place().getFileName() + " of vm " + vm.name() + " cannot be restored: "
                            + e.getMessage(),
                    "banger vm snapshot list " + vm.name(),
                    e);
        }
    }

    private Vm goOn(Vm vm, FrozenFolder folder, Progress progress) {
        progress.stage("restore", "restoring its memory");
        try {
            vms.store.update(vm.withState(VmState.STARTING));
            Machine machine = vms.driver.start(vms.plan(vm, folder.machine()));
            var entry = new LiveVm(machine);
            vms.store.update(vm.withRuntime(VmState.STARTING, machine.runtime()));
            machine.resume();
            AgentSession session = AgentSession.begin(vm.name(), machine.connectAgent(CONNECT_BOUND));
            entry.session(session);
            session.hello(ANSWER_BOUND);
            vms.setup.goOnElsewhere(vm, session);
            return vms.runs(vm, entry);
        } catch (IOException | RuntimeException e) {
            vms.ended(vm);
            throw new Problem(
                    Problem.Kind.FAILED,
                    "vm " + vm.name() + " has its disks back, and is stopped, as its memory could not be restored: "
                            + e.getMessage(),
                    "banger vm start " + vm.name(),
                    e);
        }
    }

    private FrozenFolder existing(Vm vm, String name) {
        VmName.check(name);
        FrozenFolder folder = vms.files.snapshot(vm.id(), name);
        if (!folder.exists()) {
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "vm " + vm.name() + " has no snapshot named " + name,
                    "banger vm snapshot list " + vm.name());
        }
        return folder;
    }
}
