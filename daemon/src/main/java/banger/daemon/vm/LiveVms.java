package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The VMs whose process lives, with their sessions.
 *
 * <p>It watches each: a stream that breaks while the process lives is opened again; the end of the process is reported
 * once. Safe for any number of threads.
 */
public final class LiveVms {
    private static final System.Logger LOG = System.getLogger(LiveVms.class.getName());
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);
    private static final Duration HELLO_BOUND = Duration.ofSeconds(30);
    private static final int RECONNECTS = 5;

    private final Map<UUID, LiveVm> live = new ConcurrentHashMap<>();
    private volatile Consumer<Vm> wake = vm -> {};

    /** What is to be done first where somebody wants into a VM that is not live. */
    public void beforeSession(Consumer<Vm> work) {
        wake = work;
    }

    public @Nullable LiveVm get(UUID vm) {
        return live.get(vm);
    }

    public Set<UUID> ids() {
        return Set.copyOf(live.keySet());
    }

    public int size() {
        return live.size();
    }

    /**
     * The session of a VM that should run, waiting a little for one that is being opened again; one that is suspended is
     * resumed first.
     *
     * @throws Problem WRONG_STATE where the VM does not run or its agent does not answer
     */
    public AgentSession session(Vm vm) {
        LiveVm before = live.get(vm.id());
        if (before == null || before.isLeaving()) {
            wake.accept(vm);
        }
        LiveVm entry = live.get(vm.id());
        if (entry == null) {
            throw Vms.wrongState(vm, "running", "banger vm start " + vm.name());
        }
        AgentSession session = entry.session();
        if (session != null) {
            return session;
        }
        try {
            return connect(vm.name(), entry);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "the agent in vm " + vm.name() + " does not answer: " + e.getMessage(),
                    "banger vm logs " + vm.name() + ", then banger vm restart " + vm.name(),
                    e);
        }
    }

    /** Takes the VM up and watches it. @param exited told once, from a thread of its own, when the process has ended */
    void add(Vm vm, LiveVm entry, BiConsumer<Vm, LiveVm> exited) {
        live.put(vm.id(), entry);
        watch(vm, entry);
        entry.machine()
                .exited()
                .thenRun(() -> Thread.ofVirtual().name("exit-" + vm.name()).start(() -> exited.accept(vm, entry)));
    }

    /** Lets go of the VM; false where it was gone or is another by now. */
    boolean remove(UUID vm, LiveVm entry) {
        return live.remove(vm, entry);
    }

    private void watch(Vm vm, LiveVm entry) {
        AgentSession session = entry.session();
        if (session == null) {
            Thread.ofVirtual().name("connect-" + vm.name()).start(() -> reconnect(vm, entry));
        } else {
            session.ended()
                    .thenRun(() ->
                            Thread.ofVirtual().name("reconnect-" + vm.name()).start(() -> reconnect(vm, entry)));
        }
    }

    private void reconnect(Vm vm, LiveVm entry) {
        String failure = "";
        for (int attempt = 1; attempt <= RECONNECTS; attempt++) {
            if (live.get(vm.id()) != entry || attempt > 1 && !entry.machine().isAlive()) {
                return;
            }
            try {
                connect(vm.name(), entry);
                watch(vm, entry);
                return;
            } catch (IOException e) {
                // A process that is just ending has given its socket up already; the next look finds it gone.
                LOG.log(System.Logger.Level.DEBUG, "vm {0}: attempt {1}: {2}", vm.name(), attempt, e.getMessage());
                failure = String.valueOf(e.getMessage());
            }
        }
        LOG.log(System.Logger.Level.WARNING, "vm {0}: its agent is out of reach: {1}", vm.name(), failure);
    }

    private static AgentSession connect(String name, LiveVm entry) throws IOException {
        // The port takes one connection at a time: who comes second finds the first one's session.
        synchronized (entry) {
            AgentSession open = entry.session();
            if (open != null) {
                return open;
            }
            AgentSession session = AgentSession.begin(name, entry.machine().connectAgent(CONNECT_BOUND));
            try {
                session.hello(HELLO_BOUND);
            } catch (IOException e) {
                session.close();
                throw e;
            }
            entry.session(session);
            return session;
        }
    }
}
