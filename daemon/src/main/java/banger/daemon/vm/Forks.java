package banger.daemon.vm;

import banger.daemon.frozen.FrozenFolder;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** Makes running copies of a running VM: with its processes, its memory and its disks, and an identity of their own. */
public final class Forks {
    private static final int MAX_COPIES = 64;

    private final Vms vms;
    private final Creation creation;
    private final Capture capture;

    public Forks(Vms vms, Creation creation) {
        this.vms = vms;
        this.creation = creation;
        capture = new Capture(vms);
    }

    /** Copies that are to be, checked; nothing is made yet. @throws Problem where a name is taken or given twice */
    public List<Vm> plan(Vm source, List<String> names) {
        if (names.isEmpty() || names.size() > MAX_COPIES) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    names.size() + " copies are wanted: expected 1 to " + MAX_COPIES,
                    "banger vm fork --help");
        }
        var seen = new HashSet<String>();
        var copies = new ArrayList<Vm>();
        for (String name : names) {
            if (!seen.add(VmName.check(name)) || vms.store.findByName(name).isPresent()) {
                throw new Problem(
                        Problem.Kind.ALREADY_EXISTS, "there is a vm named " + name + " already", "choose another name");
            }
            copies.add(copyOf(source, name));
        }
        return copies;
    }

    /**
     * Ports that the source has published are published on ports that the host chooses; a copy is started by people
     * only.
     */
    private static Vm copyOf(Vm source, String name) {
        List<PublishedPort> ports = source.spec().publish().stream()
                .map(port -> new PublishedPort(port.hostAddress(), 0, port.guestPort()))
                .toList();
        Instant now = Instant.now();
        String machineId = UUID.randomUUID().toString().replace("-", "");
        return new Vm(
                UUID.randomUUID(),
                name,
                source.imageId(),
                source.spec().withPorts(ports).withAutostart(false),
                VmState.CREATING,
                machineId,
                null,
                source.workspace(),
                null,
                now,
                now);
    }

    /** Makes the copies, which must come of {@link #plan}; those that were made before one failed stay. */
    public void fork(Vm source, List<Vm> copies, Progress progress) {
        FrozenFolder folder = vms.files.passing(source.id());
        try {
            FrozenVm frozen = freeze(source, folder, progress);
            for (Vm copy : copies) {
                progress.checkCancelled();
                progress.stage("copy", "making " + copy.name());
                if (copy == copies.getLast()) {
                    creation.lastCopy(copy, frozen, progress);
                } else {
                    creation.copy(copy, frozen, progress);
                }
            }
        } finally {
            folder.abandon();
        }
    }

    private FrozenVm freeze(Vm source, FrozenFolder folder, Progress progress) {
        try (var held = vms.hold(source)) {
            Vm now = vms.current(source);
            LiveVm entry = vms.live.get(source.id());
            if (entry == null) {
                throw Vms.wrongState(now, "running", "banger vm start " + now.name());
            }
            progress.stage("freeze", "copying the memory and the disks of " + now.name());
            Path draft = folder.begin();
            capture.forCopiesInto(draft, now, entry);
            return vms.files.frozen(draft, now.spec().diskBytes());
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "copying vm " + source.name() + " (it goes on)");
        }
    }
}
