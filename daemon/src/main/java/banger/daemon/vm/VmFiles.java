package banger.daemon.vm;

import banger.daemon.frozen.FrozenFolder;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files of VMs: their disks, what they boot with, what of them is frozen. Calls for the same VM come one at a time. */
public interface VmFiles {
    /** The image with all that VMs need of it: what is missing or stale is made first, and the progress tells. */
    default Image current(Image image, Progress progress) {
        return image;
    }

    /** Makes the VM's folder, root disk and work disk; a failure leaves nothing. */
    void create(Vm vm, Image image);

    /** Makes the VM's folder with clones of the frozen disks, at their size; a failure leaves nothing. */
    void clone(Vm vm, FrozenVm frozen);

    /** The same, with the frozen disks themselves, which nobody else wants any more. */
    void take(Vm vm, FrozenVm frozen);

    /** Makes a disk file longer; what is on it grows once the guest knows. */
    void lengthen(Vm vm, String diskId, long bytes);

    /** Removes all files of the VM; idempotent. */
    void delete(UUID vm);

    /** Makes the disks of a VM that does not run fit what will run it. */
    default void settle(Vm vm) {}

    /** What a driver needs to start the VM. @throws banger.daemon.problem.Problem where a file is missing or damaged */
    MachinePlan plan(Vm vm, Image image);

    /** Disk space that the VM's own files take now. */
    long usedBytes(UUID vm);

    /**
     * The frozen machine for the VM that is restored from it, with a name of the VM's own for its memory where that can
     * be had: it stays as long as the VM runs, whatever becomes of the other.
     */
    default FrozenMachine lend(Vm vm, FrozenMachine machine) {
        return machine;
    }

    /** Gives up that name, as the VM does not run any more; idempotent. */
    default void forgetMemory(UUID vm) {}

    /** The VM's memory while it is suspended. */
    FrozenFolder suspended(UUID vm);

    /** A frozen copy that is never put in place; a crash leaves what the next start removes. */
    FrozenFolder passing(UUID vm);

    FrozenFolder snapshot(UUID vm, String name);

    /** The names of the VM's snapshots. */
    List<String> snapshots(UUID vm);

    /**
     * Puts the disks of a VM into that folder as they are now, and what the host knows of its workspace; nothing is written
     * to what lies there.
     *
     * @param machine the VM's, whose guest is paused, or null: it does not run
     */
    void freezeDisks(Vm vm, @Nullable Machine machine, Path folder) throws IOException;

    /** What {@link #freezeDisks} and a freeze have put into that folder. */
    FrozenVm frozen(Path folder, long diskBytes);

    /** Records that the VM's disks are to be those of the snapshot. */
    void beginTakingBack(UUID vm, String snapshot);

    /**
     * Does what was recorded, from the beginning where it was done half; without effect where nothing is recorded.
     *
     * @param workspace told the record of the workspace that goes with the disks, where the snapshot has one
     */
    void finishTakingBack(Vm vm, Consumer<@Nullable String> workspace);
}
