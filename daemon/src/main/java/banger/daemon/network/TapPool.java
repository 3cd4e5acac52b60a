package banger.daemon.network;

import banger.daemon.network.HostNetwork.Link;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.Privileges;
import banger.daemon.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ready TAP devices on the bridge: a VM takes one and gives it back, so that its start does not wait for one to be made.
 *
 * <p>Safe for any number of threads. A thread in the background makes as many as are to be ready.
 */
final class TapPool {
    static final String PREFIX = "tap-pool-";
    private static final System.Logger LOG = System.getLogger(TapPool.class.getName());

    private final NetworkStore store;
    private final Bridge bridge;
    private final String owner;
    private final int bound;
    private final Deque<String> ready = new ArrayDeque<>();
    private boolean filling;
    private volatile boolean drained;

    /** @param bound how many are kept ready */
    TapPool(NetworkStore store, Bridge bridge, String owner, int bound) {
        this.store = store;
        this.bridge = bridge;
        this.owner = owner;
        this.bound = bound;
    }

    /** How many are ready. */
    int size() {
        synchronized (ready) {
            return ready.size();
        }
    }

    /** A device that is the caller's alone, made now where none is ready. */
    Taken take() {
        long begun = System.nanoTime();
        String tap;
        synchronized (ready) {
            tap = ready.poll();
        }
        boolean made = tap == null;
        String name = made ? make(1).getFirst() : tap;
        long nanoseconds = System.nanoTime() - begun;
        fillInBackground();
        return new Taken(name, made, nanoseconds);
    }

    /** @param made whether the pool was empty */
    record Taken(String name, boolean made, long nanoseconds) {}

    /** Devices whose last users' processes have ended. */
    void giveBack(Collection<@Nullable String> taps) {
        synchronized (ready) {
            taps.forEach(tap -> ready.add(Objects.requireNonNull(tap)));
        }
        if (drained) {
            delete(poll(0));
            return;
        }
        // Deleting a device takes the kernel milliseconds, which nobody has to wait for.
        Thread.ofVirtual().name("tap-pool").start(this::trim);
    }

    void fillInBackground() {
        synchronized (ready) {
            if (filling || ready.size() >= bound) {
                return;
            }
            filling = true;
        }
        Thread.ofVirtual().name("tap-pool").start(this::fill);
    }

    /** Removes every device that is ready, for good. */
    synchronized void drain() {
        drained = true;
        remove(poll(0));
    }

    private synchronized void trim() {
        if (!drained) {
            remove(poll(bound));
        }
    }

    private synchronized void fill() {
        try {
            int missing = drained ? 0 : bound - size();
            if (missing > 0) {
                List<String> made = make(missing);
                synchronized (ready) {
                    ready.addAll(made);
                }
            }
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "the pool of tap devices is not filled: {0}", e.getMessage());
        } finally {
            synchronized (ready) {
                filling = false;
            }
        }
    }

    private List<String> poll(int left) {
        var surplus = new ArrayList<String>();
        synchronized (ready) {
            while (ready.size() > left) {
                surplus.add(ready.removeLast());
            }
        }
        return surplus;
    }

    /** One at a time, as the names are chosen by what is there. */
    private synchronized List<String> make(int count) {
        Set<String> used =
                HostNetwork.links().stream().map(Link::ifname).collect(Collectors.toCollection(HashSet::new));
        used.addAll(store.taps());
        var names = new ArrayList<String>();
        for (int number = 0; names.size() < count; number++) {
            if (!used.contains(PREFIX + number)) {
                names.add(PREFIX + number);
            }
        }
        store.addTaps(names);
        try {
            FaultPoint.TAP_RECORDED.pass();
            HostNetwork.change(
                    names.stream().flatMap(name -> making(name).stream()).toList());
            FaultPoint.TAP_MADE.pass();
        } catch (Problem e) {
            remove(names);
            throw e;
        }
        return names;
    }

    private List<String> making(String name) {
        return List.of(
                "tuntap add dev " + name + " mode tap user " + Privileges.user(),
                "link set dev " + name + " alias \"" + owner + "\" " + joining(bridge, owner));
    }

    /** What makes a device a port that is shut until the packet filter knows it. */
    static String joining(Bridge bridge, String owner) {
        return "group " + PortGroup.of(owner) + " master " + bridge.name() + " up";
    }

    private void remove(List<String> names) {
        if (!names.isEmpty()) {
            delete(names);
            store.deleteTaps(names);
        }
    }

    static void delete(Collection<String> names) {
        HostNetwork.changeAsFarAsPossible(
                names.stream().map(name -> "link del dev " + name).toList());
    }
}
