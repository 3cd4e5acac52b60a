package banger.daemon.build;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.SparseCopy;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The machine that steps run in. It is no VM of the user's: it has no record, its files are a scratch folder, and it ends
 * with the build.
 *
 * <p>A cancelled build ends it at once, so that nothing waits for it any longer.
 */
final class BuildMachine implements AutoCloseable {
    static final String SCRATCH = "build";

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(30);
    private static final Duration HELLO_BOUND = Duration.ofSeconds(90);
    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    private static final Duration HOLD_BOUND = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 100;
    private static final int ATTEMPTS = 2;

    private final Driver driver;
    private final MachinePlan plan;
    private final Machine machine;
    private final Thread watch;
    private AgentSession session;

    private BuildMachine(Driver driver, MachinePlan plan, Progress progress) {
        this.driver = driver;
        this.plan = plan;
        machine = driver.start(driver.complete(plan));
        watch = Thread.ofVirtual().name("build-watch").start(() -> watch(progress));
    }

    /** Boots it and waits until its init is up. A guest that hangs before its agent speaks is started once more. */
    static BuildMachine boot(Driver driver, GuestSetup setup, MachinePlan plan, Vm vm, Progress progress)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            progress.stage(
                    "boot",
                    "booting " + vm.name() + " with " + driver.choose(vm.spec()).description());
            var made = new BuildMachine(driver, plan, progress);
            boolean spoke = false;
            try {
                made.hello();
                spoke = true;
                setup.run(vm, made.session, setup.files(vm));
                made.session
                        .call(ChannelKind.READY, request -> request.strings(List.of("init")), READY_BOUND)
                        .end();
                return made;
            } catch (IOException | RuntimeException e) {
                String words = made.machine.lastWords();
                made.close();
                progress.checkCancelled();
                if (spoke || attempt == ATTEMPTS || e instanceof Problem) {
                    throw e instanceof Problem problem
                            ? problem
                            : new Problem(
                                    Problem.Kind.FAILED,
                                    vm.name() + " did not boot: " + e.getMessage()
                                            + (words.isEmpty() ? "" : "; its last words:\n" + words),
                                    "banger doctor",
                                    e);
                }
            }
        }
    }

    /** Ends what a crashed daemon left running; to be called before scratch folders are swept. */
    static void sweep(HostPaths paths, Driver driver) {
        try (Stream<Path> left = Files.list(paths.scratch())) {
            left.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith(SCRATCH + "-"))
                    .forEach(name -> driver.sweep(idOf(name)));
        } catch (IOException e) {
            // There is no such folder before the first work.
        }
    }

    /** The id in the name of its scratch folder. */
    static UUID idOf(String folderName) {
        return UUID.fromString(folderName.substring(SCRATCH.length() + 1));
    }

    AgentSession session() {
        return session;
    }

    String lastWords() {
        return machine.lastWords();
    }

    boolean isAlive() {
        return machine.isAlive();
    }

    /**
     * What its root disk holds now, without what makes the guest that one guest. Nothing in the guest moves meanwhile.
     *
     * @param copy where the disk is copied to
     * @param scratch an empty folder of the caller's
     */
    Ext4Volume disk(Path copy, Path scratch, Progress progress) throws IOException {
        session.call(ChannelKind.HOLD, request -> request.u8(1), HOLD_BOUND).end();
        // Freezing empties the journal into the file system.
        session.call(ChannelKind.FREEZE, request -> request.u8(1), HOLD_BOUND).end();
        SparseCopy.copy(plan.folder().resolve("root.ext4"), copy);
        session.call(ChannelKind.FREEZE, request -> request.u8(0), HOLD_BOUND).end();
        session.call(ChannelKind.HOLD, request -> request.u8(0), HOLD_BOUND).end();
        return RootDisk.open(copy, scratch, progress);
    }

    Entry changes(Ext4Volume disk) throws IOException {
        return RootDisk.changes(disk, plan.spec().network());
    }

    @Override
    public void close() {
        watch.interrupt();
        AgentSession open = session;
        if (open != null) {
            open.close();
        }
        machine.kill();
        driver.sweep(plan.vm());
    }

    private void hello() throws IOException {
        session = AgentSession.begin(plan.name(), machine.connectAgent(CONNECT_BOUND));
        session.hello(HELLO_BOUND);
    }

    private void watch(Progress progress) {
        try {
            while (machine.isAlive()) {
                if (progress.cancelled()) {
                    machine.kill();
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            // The build has ended.
        }
    }
}
