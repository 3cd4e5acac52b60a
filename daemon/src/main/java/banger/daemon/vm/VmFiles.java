package banger.daemon.vm;

import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import java.util.UUID;

/** The files of VMs: their disks, and what they boot with. Calls for the same VM come one at a time. */
public interface VmFiles {
    /** The image with all that VMs need of it: what is missing or stale is made first, and the progress tells. */
    default Image current(Image image, Progress progress) {
        return image;
    }

    /** Makes the VM's folder, root disk and work disk; a failure leaves nothing. */
    void create(Vm vm, Image image);

    /** Makes the VM's folder with clones of a template's disks, at the template's size; a failure leaves nothing. */
    default void clone(Vm vm, Templates.Frozen template) {
        throw new UnsupportedOperationException("these files know no templates");
    }

    /** Makes a disk file longer; what is on it grows once the guest knows. */
    default void lengthen(Vm vm, String diskId, long bytes) {
        throw new UnsupportedOperationException("these files know no templates");
    }

    /** Removes all files of the VM; idempotent. */
    void delete(UUID vm);

    /** What a driver needs to start the VM. @throws banger.daemon.problem.Problem where a file is missing or damaged */
    MachinePlan plan(Vm vm, Image image);

    /** Disk space that the VM's own files take now. */
    long usedBytes(UUID vm);
}
