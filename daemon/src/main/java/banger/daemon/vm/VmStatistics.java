package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.wire.frame.PayloadReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Measures a VM: what its process uses on the host, and what the guest says of itself. */
public final class VmStatistics {
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(3);
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

    /** Those of the running VMs whose agents say nothing; all are asked at once. */
    public List<Vm> silent(List<Vm> running) {
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = running.stream()
                    .map(vm -> CompletableFuture.supplyAsync(() -> answers(vm), asking))
                    .toList();
            return IntStream.range(0, running.size())
                    .filter(at -> !answers.get(at).join())
                    .mapToObj(running::get)
                    .toList();
        }
    }

    private boolean answers(Vm vm) {
        LiveVm entry = live.get(vm.id());
        AgentSession session = entry == null ? null : entry.session();
        try {
            if (session == null) {
                return false;
            }
            // What holds without a condition is answered at once.
            session.call(ChannelKind.READY, request -> request.strings(List.of()), ANSWER_BOUND);
            return true;
        } catch (IOException e) {
            return false;
        }
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
