package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.wire.frame.PayloadReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures a VM: what its process uses on the host, and what the guest says of itself. */
public final class VmStatistics {
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final int MAX_VALUES = 256;

    /** @param guest by the names of docs/guest-protocol.md; null while the guest does not answer */
    public record Measured(
            String name,
            Machine.Usage usage,
            long diskBytes,
            @Nullable Map<String, Long> guest) {}

    private final LiveVms live;
    private final VmFiles files;

    public VmStatistics(LiveVms live, VmFiles files) {
        this.live = live;
        this.files = files;
    }

    public Measured of(Vm vm) {
        LiveVm entry = live.get(vm.id());
        Machine.Usage usage =
                entry == null ? new Machine.Usage(0, 0) : entry.machine().usage();
        AgentSession session = entry == null ? null : entry.session();
        return new Measured(vm.name(), usage, usedDiskBytes(vm), session == null ? null : ask(session));
    }

    public long usedDiskBytes(Vm vm) {
        return files.usedBytes(vm.id());
    }

    private static @Nullable Map<String, Long> ask(AgentSession session) {
        try {
            PayloadReader fields = session.call(ChannelKind.STATS, request -> {}, BOUND);
            var values = new HashMap<String, Long>();
            long count = Math.min(fields.u32(), MAX_VALUES);
            for (long i = 0; i < count; i++) {
                values.put(fields.string(), fields.u64());
            }
            return values;
        } catch (IOException e) {
            return null;
        }
    }
}
