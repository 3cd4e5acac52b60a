package banger.daemon.network;

import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Attachment;
import banger.daemon.vm.HardwareAddress;
import banger.daemon.vm.PublishedPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The network of the VMs whose mode is {@code bridge}: each gets a TAP device while it runs, and addresses for as long
 * as there is the VM.
 *
 * <p>The bridge is made for the first such VM, and what is to be made is recorded before. Safe for any number of
 * threads; calls for the same VM come one at a time.
 */
public final class BridgeNetwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BridgeNetwork.class.getName());
    /** Number 0 is the range's own, 1 is the host's. */
    private static final int FIRST_GUEST = 2;

    private final NetworkStore store;
    private final BridgeDevice device;
    private final Settings settings;
    private final Map<UUID, Lease> leases = new HashMap<>();

    private @Nullable Responder responder;
    private @Nullable Running running;

    /**
     * What the user may choose.
     *
     * @param subnet the IPv4 range, or null: a free one
     * @param readyTaps how many TAP devices are kept ready
     */
    public record Settings(@Nullable Subnet subnet, boolean guestsReachEachOther, int readyTaps) {}

    /** What answers for names on the bridge. */
    public interface Responder {
        /** @return what ends it */
        Runnable serve(Bridge bridge);
    }

    /** The bridge as it is now, for a person. */
    public record State(Bridge bridge, int ready, int taken, List<Lease> leases) {}

    private record Running(Bridge bridge, TapPool taps, PacketFilter filter, Ruleset rules, Runnable endNames) {}

    /** @param owner a mark that is this store's alone */
    public BridgeNetwork(NetworkStore store, String owner, Settings settings) {
        this.store = store;
        this.settings = settings;
        device = new BridgeDevice(store, owner);
        store.leases().forEach(lease -> leases.put(lease.vm(), lease));
    }

    /**
     * Brings the host to what is recorded, after it is clear which VMs run: what a reboot took is made again, and what
     * nobody needs any more goes. To be called once; until then only records change.
     *
     * @param known the VMs that there are
     * @param names answers on the bridge
     * @param wanted whether to make a bridge where there is none
     */
    public synchronized void begin(Set<UUID> known, boolean wanted, Responder names) {
        responder = names;
        List<UUID> strangers =
                leases.keySet().stream().filter(vm -> !known.contains(vm)).toList();
        strangers.forEach(vm -> {
            leases.remove(vm);
            store.delete(vm);
        });
        // One that ended with no VM on the bridge has left nothing on the host.
        if (!wanted && store.bridge().filter(BridgeDevice::isThere).isEmpty()) {
            return;
        }
        try {
            running().taps().fillInBackground();
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vms with network bridge cannot start: {0}", e.getMessage());
        }
    }

    /**
     * Gives a VM that is about to start its device, and lets its packets through.
     *
     * @throws Problem where this host has no bridge, or a port cannot be published; then nothing is left
     */
    public Attachment attach(UUID vm, List<PublishedPort> ports) {
        Running now = running();
        TapPool.Taken tap = now.taps().take();
        Lease lease;
        try {
            FaultPoint.TAP_TAKEN.pass();
            lease = lease(vm, tap.name(), ports);
        } catch (Problem e) {
            now.taps().giveBack(List.of(tap.name()));
            throw e;
        }
        long begunAt = System.nanoTime();
        try {
            FaultPoint.LEASE_RECORDED.pass();
            now.filter().apply(now.rules().attach(lease));
            FaultPoint.FILTER_OPENED.pass();
        } catch (Problem e) {
            release(vm);
            throw e;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "network.attach vm={0} tap={1} source={2} take_us={3} filter_us={4}",
                vm,
                tap.name(),
                tap.made() ? "made" : "pool",
                Long.toString(tap.nanoseconds() / 1000),
                Long.toString((System.nanoTime() - begunAt) / 1000));
        return new Attachment(tap.name());
    }

    /** The VM's process has ended: its device and what let its packets through go; its addresses stay. Idempotent. */
    public void release(UUID vm) {
        release(List.of(vm));
    }

    /** The same for many, in one transaction of the packet filter. */
    public void release(Collection<UUID> vms) {
        var ended = new ArrayList<Lease>();
        Running now;
        synchronized (this) {
            now = running;
            for (UUID vm : vms) {
                Lease lease = leases.get(vm);
                if (lease != null && lease.tap() != null) {
                    ended.add(lease);
                    leases.put(vm, lease.detached());
                }
            }
        }
        if (ended.isEmpty()) {
            return;
        }
        try {
            close(now, ended);
        } catch (RuntimeException e) {
            // They have their devices still, for whoever ends them next.
            synchronized (this) {
                ended.forEach(lease -> leases.replace(lease.vm(), lease.detached(), lease));
            }
            throw e;
        }
        if (now != null) {
            now.taps().giveBack(ended.stream().map(Lease::tap).toList());
        }
        FaultPoint.TAP_GIVEN_BACK.pass();
    }

    private void close(@Nullable Running now, List<Lease> ended) {
        if (now != null) {
            now.filter().apply(ended.stream().map(now.rules()::detach).collect(Collectors.joining()));
        }
        FaultPoint.FILTER_CLOSED.pass();
        store.put(ended.stream().map(Lease::detached).toList());
        FaultPoint.LEASE_ENDED.pass();
    }

    /** The VM has been deleted: its addresses are free again. Idempotent. */
    public void forget(UUID vm) {
        release(vm);
        synchronized (this) {
            if (leases.remove(vm) != null) {
                store.delete(vm);
                FaultPoint.LEASE_FORGOTTEN.pass();
            }
        }
    }

    /** A VM's place on the bridge, which is its from now on, whether or not it has been attached yet. */
    public synchronized Place place(UUID vm) {
        Running now = running();
        Lease lease = leases.get(vm);
        if (lease == null) {
            lease = new Lease(vm, freeNumber(now.bridge()), null, List.of());
            store.put(List.of(lease));
            leases.put(vm, lease);
        }
        return new Place(now.bridge(), now.bridge().addresses(lease.number()));
    }

    /** @param addresses the guest's, in the order of the bridge's ranges */
    public record Place(Bridge bridge, List<InetAddress> addresses) {}

    /** The addresses of a VM that has been on the bridge, IPv4 first; empty for others. */
    public synchronized List<InetAddress> addresses(UUID vm) {
        Lease lease = leases.get(vm);
        return running == null || lease == null ? List.of() : running.bridge().addresses(lease.number());
    }

    /** The bridge, where there is one. */
    public synchronized @Nullable State state() {
        if (running == null) {
            return null;
        }
        int taken = attached().size();
        return new State(running.bridge(), running.taps().size(), taken, List.copyOf(leases.values()));
    }

    /** Ends what only serves while the daemon runs; where no VM runs, all that is on the host goes as well. */
    @Override
    public synchronized void close() {
        if (running == null) {
            return;
        }
        running.endNames().run();
        if (attached().isEmpty()) {
            running.taps().drain();
            PacketFilter.run(running.rules().removal());
            device.remove(running.bridge());
        }
        running = null;
    }

    private synchronized Running running() {
        Responder names = responder;
        if (names == null) {
            throw new IllegalStateException("the network has not begun");
        }
        if (running == null) {
            BridgeRequirements.check();
            Bridge bridge = device.bring(settings.subnet(), attached().isEmpty());
            var rules = new Ruleset(bridge, device.owner(), settings.guestsReachEachOther());
            var taps = new TapPool(store, bridge, device.owner(), settings.readyTaps());
            taps.giveBack(
                    device.bringTaps(bridge, attached().stream().map(Lease::tap).collect(Collectors.toSet())));
            var filter = new PacketFilter(() -> rules.whole(attached()), PacketFilter::run);
            filter.rewrite();
            running = new Running(bridge, taps, filter, rules, names.serve(bridge));
        }
        return running;
    }

    private synchronized List<Lease> attached() {
        return leases.values().stream().filter(lease -> lease.tap() != null).toList();
    }

    private synchronized Lease lease(UUID vm, String tap, List<PublishedPort> ports) {
        refuseTaken(vm, ports);
        place(vm);
        Lease lease = Objects.requireNonNull(leases.get(vm)).attached(tap, ports);
        String address = HardwareAddress.of(vm).toString();
        if (attached().stream()
                .anyMatch(each -> !each.vm().equals(vm)
                        && HardwareAddress.of(each.vm()).toString().equals(address))) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "another vm on the bridge has the same hardware address, " + address,
                    "delete this vm and create it anew: its address comes of its id");
        }
        store.put(List.of(lease));
        leases.put(vm, lease);
        return lease;
    }

    private int freeNumber(Bridge bridge) {
        Set<Integer> used = leases.values().stream().map(Lease::number).collect(Collectors.toCollection(HashSet::new));
        for (int number = FIRST_GUEST; number < FIRST_GUEST + bridge.v4().guests(); number++) {
            if (!used.contains(number)) {
                return number;
            }
        }
        throw new Problem(
                Problem.Kind.RESOURCE_EXHAUSTED,
                "all " + bridge.v4().guests() + " addresses of " + bridge.v4() + " belong to vms",
                "delete some, or set network.subnet to a larger range");
    }

    /** The packet filter would send another program's connections to the guest without a word. */
    private void refuseTaken(UUID vm, List<PublishedPort> ports) {
        for (PublishedPort port : ports) {
            boolean published = attached().stream()
                    .filter(lease -> !lease.vm().equals(vm))
                    .flatMap(lease -> lease.ports().stream())
                    .anyMatch(port::clashes);
            if (published) {
                throw port.refused("another vm has published it");
            }
            port.requireFree();
        }
    }
}
