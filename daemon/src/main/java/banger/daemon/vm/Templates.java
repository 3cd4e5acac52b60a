package banger.daemon.vm;

import banger.daemon.image.Image;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The templates that new VMs can be restored from. Safe for any number of threads. */
public interface Templates {
    /**
     * What there is for a VM.
     *
     * @param fault why there is no template, where there was one or is one of no use; null where there never was any
     */
    record Offer(Optional<FrozenVm> template, @Nullable String fault) {
        public static Offer of(FrozenVm template) {
            return new Offer(Optional.of(template), null);
        }

        public static Offer none(@Nullable String fault) {
            return new Offer(Optional.empty(), fault);
        }
    }

    /** The template that fits the VM's image and shape on this host as it is now, if there is a whole one. */
    Offer find(Vm vm, Image image);

    /** The template was found and yet could not be restored: it is not offered again. */
    void distrust(FrozenVm template, String reason);

    /** A VM of that image and shape was booted for want of a template; returns at once. */
    void missed(Vm vm, Image image);
}
