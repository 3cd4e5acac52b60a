package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.operation.Progress;
import banger.daemon.os.TcpConnections;
import banger.daemon.os.Uninterrupted;
import banger.daemon.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Suspends VMs that have been idle for as long as the user has said: nothing of banger's was open to them, nobody was
 * connected to a port of theirs, and their process took next to no CPU time.
 */
public final class IdleSuspension implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IdleSuspension.class.getName());
    private static final Duration SHORTEST_LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private static final int LOOKS = 10;
    /** An idle guest's timers take less; emulation makes them dear. */
    private static final double IDLE_CPU_SHARE = 0.2;

    private record Seen(long cpuMillis, Instant at, Instant idleSince) {}

    private final Vms vms;
    private final Suspension suspension;
    private final Duration after;
    private final Map<UUID, Seen> seen = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("idle").unstarted(this::watch);

    public IdleSuspension(Vms vms, Suspension suspension, Duration after) {
        this.vms = vms;
        this.suspension = suspension;
        this.after = after;
    }

    /** Looks from here on, in a thread of its own. */
    public void start() {
        thread.start();
    }

    /** Looks no more. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        Duration tenth = after.dividedBy(LOOKS);
        Duration pause = tenth.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : tenth;
        Duration interval = pause.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : pause;
        while (true) {
            try {
                Thread.sleep(interval);
                look(Instant.now());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "idle vms could not be looked for", e);
            }
        }
    }

    private void look(Instant now) {
        seen.keySet().retainAll(vms.live.ids());
        for (UUID id : vms.live.ids()) {
            LiveVm entry = vms.live.get(id);
            if (entry != null && idleSince(id, entry, now).plus(after).isBefore(now)) {
                seen.remove(id);
                vms.store.find(id).ifPresent(this::suspend);
            }
        }
    }

    private Instant idleSince(UUID id, LiveVm entry, Instant now) {
        long cpu = entry.machine().usage().cpuMillis();
        Seen last = seen.get(id);
        boolean idle = last != null && share(last, cpu, now) < IDLE_CPU_SHARE && isUntouched(entry);
        Instant since = idle ? last.idleSince() : now;
        seen.put(id, new Seen(cpu, now, since));
        return since;
    }

    /** Whether nobody has a connection to it. */
    private static boolean isUntouched(LiveVm entry) {
        return !isOpen(entry) && !isConnected(entry.machine().runtime().ports());
    }

    private static boolean isOpen(LiveVm entry) {
        AgentSession session = entry.session();
        return session != null && session.isBusy();
    }

    /** On a bridge that is a connection from this host; those of others pass it by. */
    private static boolean isConnected(List<PublishedPort> ports) {
        if (ports.isEmpty()) {
            return false;
        }
        Set<Integer> connected = TcpConnections.ports();
        return ports.stream().anyMatch(port -> connected.contains(port.hostPort()));
    }

    private static double share(Seen last, long cpuMillis, Instant now) {
        long elapsed = Math.max(1, Duration.between(last.at(), now).toMillis());
        return (double) (cpuMillis - last.cpuMillis()) / elapsed;
    }

    private void suspend(Vm vm) {
        if (vm.state() != VmState.RUNNING) {
            return;
        }
        try {
            // Half a suspension is undone, which is work of its own.
            Uninterrupted.run(() -> suspension.suspend(vm, IdleSuspension::isUntouched, Progress.NONE));
            Vm now = vms.current(vm);
            if (now.state() == VmState.SUSPENDED) {
                LOG.log(System.Logger.Level.INFO, "vm {0} was idle and is suspended", vm.name());
            }
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "vm {0} is idle: {1}", vm.name(), e.getMessage());
        }
    }
}
