package banger.daemon.vm;

import java.util.UUID;

/** What the end of a daemon's process does to its VMs: their streams end, and nobody watches them any more. */
public final class DeadDaemon {
    private DeadDaemon() {}

    public static void leave(LiveVms live) {
        for (UUID id : live.ids()) {
            LiveVm entry = live.get(id);
            if (entry != null && live.remove(id, entry)) {
                entry.closeSession();
            }
        }
    }
}
