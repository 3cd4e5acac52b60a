package banger.daemon.vm;

/** Where a VM is in its life. */
public enum VmState {
    /** Recorded; its disks are being made, or it boots for the first time. A crash before its end undoes it. */
    CREATING,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    /** It runs, and is paused while its memory is copied, to suspend it or to copy it. */
    FREEZING,
    /** Its memory is on the disk, and no process runs. */
    SUSPENDED,
    /** Its process starts where it was suspended. */
    RESUMING,
    /** Restored ahead of need, held, and nobody's yet. The next daemon deletes it. */
    POOLED,
    DELETING,
    /** Its files or record cannot be used; it can still be shown and deleted. */
    BROKEN;

    /** Whether a VMM process may exist. */
    public boolean mayRun() {
        return switch (this) {
            case CREATING, STARTING, RUNNING, STOPPING, DELETING, FREEZING, RESUMING, POOLED -> true;
            case STOPPED, SUSPENDED, BROKEN -> false;
        };
    }
}
