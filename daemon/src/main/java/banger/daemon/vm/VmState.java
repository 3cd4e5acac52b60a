package banger.daemon.vm;

/** Where a VM is in its life. */
public enum VmState {
    /** Recorded; its disks are being made, or it boots for the first time. A crash before its end undoes it. */
    CREATING,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    DELETING,
    /** Its files or record cannot be used; it can still be shown and deleted. */
    BROKEN;

    /** Whether a VMM process may exist. */
    public boolean mayRun() {
        return this == CREATING || this == STARTING || this == RUNNING || this == STOPPING || this == DELETING;
    }
}
