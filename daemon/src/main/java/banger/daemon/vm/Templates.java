package banger.daemon.vm;

import banger.daemon.image.Image;
import java.util.Optional;

/** The templates that new VMs can be restored from. Safe for any number of threads. */
public interface Templates {
    /** The template that fits the VM's image and shape on this host as it is now, if there is a whole one. */
    Optional<FrozenVm> find(Vm vm, Image image);

    /** The template was found and yet could not be restored: it is not offered again. */
    void distrust(FrozenVm template, String reason);

    /** A VM of that image and shape was booted for want of a template; returns at once. */
    void missed(Vm vm, Image image);
}
