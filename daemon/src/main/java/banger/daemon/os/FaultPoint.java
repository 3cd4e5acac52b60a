package banger.daemon.os;

import java.util.function.Consumer;

/** A named step of a VM's or an image's life at which a test lets the daemon fail or die; nothing happens there otherwise. */
public enum FaultPoint {
    VM_RECORDED,
    DISKS_MADE,
    TAP_RECORDED,
    TAP_MADE,
    TAP_TAKEN,
    LEASE_RECORDED,
    FILTER_OPENED,
    PROCESS_STARTED,
    PROCESS_RECORDED,
    GUEST_GREETED,
    GUEST_READY,
    RUNNING_RECORDED,
    STOP_RECORDED,
    GUEST_DOWN,
    FILTER_CLOSED,
    LEASE_ENDED,
    TAP_GIVEN_BACK,
    PROCESS_ENDED,
    DELETION_RECORDED,
    FILES_DELETED,
    VM_FORGOTTEN,
    LEASE_FORGOTTEN,
    LAYER_PUBLISHED,
    SEED_PUBLISHED,
    KERNEL_ADOPTED,
    IMAGE_RECORDED;

    private static volatile Consumer<FaultPoint> fault = point -> {};

    /** What happens at each point from here on, in whichever thread comes there. */
    public static void arm(Consumer<FaultPoint> what) {
        fault = what;
    }

    /** The step of this name has been done, and the next one not begun. */
    public void pass() {
        fault.accept(this);
    }
}
