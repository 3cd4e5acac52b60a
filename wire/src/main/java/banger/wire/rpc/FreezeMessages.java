package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about VMs that are frozen to disk, whole or as copies. */
public final class FreezeMessages {
    private FreezeMessages() {}

    /** {@code names}: of the copies; null or empty: one, with a name that the daemon chooses. */
    @Json
    public record ForkVm(String vm, @Nullable List<String> names) {
        public ForkVm {
            Required.field("vm", vm);
            if (names != null) {
                Required.list("names", names);
            }
        }
    }

    @Json
    public record SnapshotRef(String vm, String snapshot) {
        public SnapshotRef {
            Required.field("vm", vm);
            Required.field("snapshot", snapshot);
        }
    }

    /** {@code running}: with the VM's memory; {@code damage}: why it cannot be used, or empty. */
    @Json
    public record SnapshotView(String name, boolean running, String madeAt, long usedDiskBytes, String damage) {}

    @Json
    public record SnapshotList(List<SnapshotView> snapshots) {}
}
