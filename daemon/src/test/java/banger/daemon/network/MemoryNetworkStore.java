package banger.daemon.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records of the network that end with the test. */
final class MemoryNetworkStore implements NetworkStore {
    private final Map<UUID, Lease> leases = new HashMap<>();
    private final Set<String> taps = new HashSet<>();
    private @Nullable Bridge bridge;

    @Override
    public synchronized Optional<Bridge> bridge() {
        return Optional.ofNullable(bridge);
    }

    @Override
    public synchronized void put(Bridge another) {
        bridge = another;
    }

    @Override
    public synchronized List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    @Override
    public synchronized void put(List<Lease> others) {
        others.forEach(lease -> leases.put(lease.vm(), lease));
    }

    @Override
    public synchronized void delete(UUID vm) {
        leases.remove(vm);
    }

    @Override
    public synchronized Set<String> taps() {
        return Set.copyOf(taps);
    }

    @Override
    public synchronized void addTaps(List<String> names) {
        taps.addAll(names);
    }

    @Override
    public synchronized void deleteTaps(List<String> names) {
        names.forEach(taps::remove);
    }
}
