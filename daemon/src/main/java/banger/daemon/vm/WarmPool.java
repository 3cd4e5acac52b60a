package banger.daemon.vm;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps some VMs restored and held, for creations to take: filled while nobody waits for anything, given back when the
 * host's memory runs short or this daemon ends.
 *
 * <p>Each is recorded as {@link VmState#POOLED} before there is anything of it, under a name that no person can give. A
 * daemon that was killed leaves what the next one's {@link Reconciliation} deletes.
 */
public final class WarmPool implements Pool, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WarmPool.class.getName());

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration END_BOUND = Duration.ofSeconds(60);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    /**
     * How many there are to be.
     *
     * @param spareBytes what of the host's memory is to stay available
     */
    public record Bounds(int size, long spareBytes) {}

    /**
     * How it goes about it.
     *
     * @param quiet after one was taken, as what a creation has just made is to answer first
     * @param settle how long a guest runs before it is held to be taken
     */
    public record Pace(Duration lookAgain, Duration quiet, Duration settle) {
        public static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private final Vms vms;
    private final Templates templates;
    private final Restore restore;
    private final Supplier<Vm> like;
    private final Bounds bounds;
    private final Pace pace;
    private final BooleanSupplier busy;
    private final LongSupplier availableBytes;
    private final Thread thread = Thread.ofVirtual().name("pool").unstarted(this::work);
    private final ReentrantLock tending = new ReentrantLock();
    private final Deque<PooledVm> ready = new ArrayDeque<>();
    private Instant quietUntil = Instant.MIN;
    private boolean ended;

    /**
     * @param like a new VM as they are to be; throws where its image is not there
     * @param busy whether the user waits for something
     * @param availableBytes the host's memory that is left
     */
    public WarmPool(
            Vms vms,
            Templates templates,
            Supplier<Vm> like,
            Bounds bounds,
            Pace pace,
            BooleanSupplier busy,
            LongSupplier availableBytes) {
        this.vms = vms;
        this.templates = templates;
        this.like = like;
        this.bounds = bounds;
        this.pace = pace;
        this.busy = busy;
        this.availableBytes = availableBytes;
        restore = new Restore(vms);
    }

    /** Fills it from here on, in a thread of its own. */
    public void start() {
        if (bounds.size() > 0) {
            thread.start();
        }
    }

    @Override
    public synchronized Optional<PooledVm> take(Vm vm, FrozenVm template) {
        for (Iterator<PooledVm> each = ready.iterator(); each.hasNext(); ) {
            PooledVm member = each.next();
            boolean fits = member.vm().imageId().equals(vm.imageId())
                    && member.vm().spec().equals(vm.spec())
                    && member.template().equals(template);
            if (fits && member.isReady()) {
                each.remove();
                quietUntil = Instant.now().plus(pace.quiet());
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** Those that can be taken now, as they are recorded. */
    public List<Vm> ready() {
        List<UUID> members = members();
        return vms.store.pooled().stream()
                .filter(vm -> members.contains(vm.id()))
                .toList();
    }

    /** Those of an image that is to be deleted; none is added for a while. */
    public void giveBack(UUID image) {
        quietUntil(AFTER_FAILURE);
        // One that is being made is waited for.
        tending.lock();
        try {
            discard(member -> member.vm().imageId().equals(image));
        } finally {
            tending.unlock();
        }
    }

    /** Gives all back, and waits for it. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        try {
            // Where there is to be no pool it was never started.
            if (thread.isAlive()) {
                thread.join(END_BOUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        discard(member -> true);
    }

    private void work() {
        while (pause()) {
            tending.lock();
            try {
                tend();
            } catch (RuntimeException e) {
                quietUntil(AFTER_FAILURE);
                LOG.log(System.Logger.Level.WARNING, "the pool could not be filled", e);
            } finally {
                tending.unlock();
            }
        }
    }

    private synchronized boolean pause() {
        try {
            if (!ended) {
                wait(pace.lookAgain().toMillis());
            }
        } catch (InterruptedException e) {
            return false;
        }
        return !ended;
    }

    /** Looks after it once; at most one is made, so that its end and the host's memory are seen in time. */
    private void tend() {
        discard(member -> !member.isReady());
        while (availableBytes.getAsLong() < bounds.spareBytes() && !isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "memory is short: a pooled vm is given back");
            UUID one = members().getFirst();
            discard(member -> member.vm().id().equals(one));
        }
        if (busy.getAsBoolean() || !isQuiet()) {
            return;
        }
        Optional<Vm> wanted = wanted();
        if (wanted.isEmpty()) {
            return;
        }
        Vm vm = wanted.get();
        Image image = vms.files.current(vms.usableImage(vm), Progress.NONE);
        Optional<FrozenVm> template = templates.find(vm, image).template();
        discard(member -> !Optional.of(member.template()).equals(template)
                || !member.vm().spec().equals(vm.spec()));
        if (members().size() >= bounds.size()
                || availableBytes.getAsLong() < bounds.spareBytes() + vm.spec().memoryBytes()) {
            return;
        }
        if (template.isEmpty()) {
            templates.missed(vm, image);
        } else {
            fill(vm, template.get(), image);
        }
    }

    private Optional<Vm> wanted() {
        try {
            Vm vm = like.get();
            return Optional.of(new Vm(
                    vm.id(),
                    // Not a name that VmName allows, so it is in nobody's way.
                    "pool." + vm.id().toString().substring(0, 8),
                    vm.imageId(),
                    vm.spec(),
                    VmState.POOLED,
                    vm.machineId(),
                    null,
                    null,
                    null,
                    vm.createdAt(),
                    vm.updatedAt()));
        } catch (Problem e) {
            // There is no such image, yet or any more.
            discard(member -> true);
            return Optional.empty();
        }
    }

    private void fill(Vm vm, FrozenVm template, Image image) {
        vms.store.insert(vm);
        try {
            vms.files.clone(vm, template);
            restored(vm, template, image);
        } catch (IOException | RuntimeException e) {
            quietUntil(AFTER_FAILURE);
            LOG.log(System.Logger.Level.WARNING, "no vm for the pool", e);
            vms.finishDelete(vm);
        }
    }

    private void restored(Vm vm, FrozenVm template, Image image) throws IOException {
        try (var files = vms.setup.filesOfItsOwn(vm)) {
            LiveVm entry = restore.held(vm, template);
            settled(vm, restore.grown(vm, template, entry), files, Creation.ofServices(image));
            synchronized (this) {
                ready.add(new PooledVm(vm, entry, template, files.get()));
            }
        }
    }

    /**
     * Gives the guest an identity of its own, lets it do what a restored guest does first, such as looking at all its
     * timers, and holds it again: what is left for the one that takes it is a name.
     */
    private void settled(Vm vm, AgentSession session, MadeFiles files, List<String> readiness) throws IOException {
        vms.setup.adopt(vm, session, files);
        Boot.ready(readiness, session, Progress.NONE);
        exercise(session);
        synchronized (this) {
            Instant until = Instant.now().plus(pace.settle());
            while (!ended && Instant.now().isBefore(until)) {
                try {
                    wait(Math.max(1, pace.settle().toMillis()));
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
            }
        }
        session.call(ChannelKind.HOLD, request -> request.u8(1), ANSWER_BOUND).end();
    }

    /** A first fork and exec, which has the guest's memory mapped and its code translated. */
    private static void exercise(AgentSession session) throws IOException {
        var request = ExecRequest.of(false, "/bin/cat", "/proc/sys/kernel/random/uuid");
        try (var process = GuestProcess.start(session, request, ANSWER_BOUND)) {
            process.waitFor(ANSWER_BOUND);
        }
    }

    /** Only the pool's own thread adds, so who finds nothing here has nothing to wait for. */
    private void discard(Predicate<PooledVm> unwanted) {
        List<PooledVm> gone;
        synchronized (this) {
            gone = ready.stream().filter(unwanted).toList();
            ready.removeAll(gone);
        }
        gone.forEach(member -> end(vms, member));
    }

    static void end(Vms vms, PooledVm member) {
        member.entry().closeSession();
        member.entry().machine().kill();
        vms.finishDelete(member.vm());
    }

    private synchronized List<UUID> members() {
        return ready.stream().map(member -> member.vm().id()).toList();
    }

    private synchronized boolean isEmpty() {
        return ready.isEmpty();
    }

    private synchronized boolean isQuiet() {
        return Instant.now().isAfter(quietUntil);
    }

    private synchronized void quietUntil(Duration later) {
        quietUntil = Instant.now().plus(later);
    }
}
