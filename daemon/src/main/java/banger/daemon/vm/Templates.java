package banger.daemon.vm;

import banger.daemon.image.Image;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the template that a new VM can be restored from. Safe for any number of threads. */
public interface Templates {
    /**
     * A frozen machine.
     *
     * @param diskBytes the size of its root and work disk
     */
    record Frozen(Path ram, Path devices, Path rootDisk, Path workDisk, long diskBytes) {}

    /** There is none, ever. */
    Templates NONE = new Templates() {
        @Override
        public Optional<Frozen> find(Vm vm, Image image) {
            return Optional.empty();
        }

        @Override
        public void distrust(Frozen template, String reason) {}
    };

    /** The template that fits the VM's image and shape on this host as it is now, if there is a whole one. */
    Optional<Frozen> find(Vm vm, Image image);

    /** The template was found and yet could not be restored: it is not offered again. */
    void distrust(Frozen template, String reason);
}
