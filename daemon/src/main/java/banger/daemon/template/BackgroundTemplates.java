package banger.daemon.template;

import banger.daemon.image.Image;
import banger.daemon.operation.Operations;
import banger.daemon.os.HostMemory;
import banger.daemon.problem.Problem;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.Templates;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Looks at all templates soon after the daemon's start, and makes the one that a create has missed, for the next: one at
 * a time, at the lowest priority, while nobody waits for anything else and the host has memory to spare.
 */
public final class BackgroundTemplates implements Templates, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BackgroundTemplates.class.getName());
    private static final int MAX_WAITING = 16;
    private static final long SPARE_BYTES = 1L << 30;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** Whoever has a daemon started waits for an answer of its, and reading templates takes a core for a while. */
    private static final Duration BEFORE_LOOK = Duration.ofSeconds(10);

    private static final Duration END_BOUND = Duration.ofSeconds(15);

    private record Wish(Image image, VmSpec spec) {}

    private final StoredTemplates stored;
    private final TemplateMaker maker;
    private final Operations operations;
    private final BlockingQueue<Wish> wishes = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private final boolean wanted;

    /** @param wanted whether any are to be made */
    public BackgroundTemplates(StoredTemplates stored, TemplateMaker maker, boolean wanted, Operations operations) {
        this.stored = stored;
        this.maker = maker;
        this.wanted = wanted;
        this.operations = operations;
        thread = Thread.ofVirtual().name("templates").unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    @Override
    public Offer find(Vm vm, Image image) {
        return stored.find(vm.spec(), image);
    }

    @Override
    public void distrust(FrozenVm template, String reason) {
        stored.distrust(template, reason);
    }

    /** A wish that finds too many waiting is lost: the next create will have it again. */
    @Override
    public void missed(Vm vm, Image image) {
        if (wanted && vm.spec().kernel() == null) {
            var wish = new Wish(image, vm.spec());
            if (!wishes.contains(wish)) {
                wishes.offer(wish);
            }
        }
    }

    /** Gives up what it is at, and leaves nothing of it. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END_BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            Thread.sleep(BEFORE_LOOK);
            look();
            while (true) {
                Wish wish = wishes.take();
                while (operations.running() > 0) {
                    Thread.sleep(LOOK_AGAIN);
                }
                fulfil(wish);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            stored.checkAll();
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "templates could not be looked at: {0}", e.getMessage());
        }
    }

    private void fulfil(Wish wish) throws InterruptedException {
        try {
            if (stored.has(wish.image(), wish.spec())) {
                return;
            }
            long needed = wish.spec().memoryBytes() + SPARE_BYTES;
            if (HostMemory.availableBytes() < needed) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "no template of {0}: too little memory",
                        wish.image().name());
                return;
            }
            operations.aside(
                    "image.warm",
                    wish.image().name(),
                    progress -> maker.makeQuietly(wish.image(), wish.spec(), progress));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        } catch (IOException | Problem e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no template of {0}: {1}",
                    wish.image().name(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "no template of " + wish.image().name(), e);
        }
    }
}
