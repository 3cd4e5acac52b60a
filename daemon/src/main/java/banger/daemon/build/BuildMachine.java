package banger.daemon.build;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.SparseCopy;
import banger.daemon.problem.Problem;
import banger.daemon.vm.ColdStart;
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

    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    private static final Duration HOLD_BOUND = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 100;

    private final Driver driver;
    private final MachinePlan plan;
    private final Machine machine;
    private final AgentSession session;

    private BuildMachine(Driver driver, MachinePlan plan, ColdStart.Greeted greeted) {
        this.driver = driver;
        this.plan = plan;
        machine = greeted.machine();
        session = greeted.session();
    }

    /** Boots it and waits until its init is up. */
    static BuildMachine boot(Driver driver, GuestSetup setup, MachinePlan plan, Vm vm, Progress progress) {
        progress.stage(
                "boot",
                "booting " + vm.name() + " with " + driver.choose(vm.spec()).description());
        var start = new ColdStart(driver, vm.name(), "banger doctor");
        try {
            ColdStart.Greeted greeted = start.run(
                    plan, machine -> Thread.ofVirtual().name("build-watch").start(() -> watch(machine, progress)));
            try {
                setup.run(vm, greeted.session(), setup.files(vm));
                greeted.session()
                        .call(ChannelKind.READY, request -> request.strings(List.of("init")), READY_BOUND)
                        .end();
                return new BuildMachine(driver, plan, greeted);
            } catch (IOException | RuntimeException e) {
                throw start.ended(plan, greeted, e);
            }
        } catch (Problem e) {
            progress.checkCancelled();
            throw e;
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
        session.close();
        machine.kill();
        driver.sweep(plan.vm());
    }

    /** Ends the machine with its build's being cancelled; it ends with the machine. */
    private static void watch(Machine machine, Progress progress) {
        try {
            while (machine.isAlive()) {
                if (progress.cancelled()) {
                    machine.kill();
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            // Nobody does that.
        }
    }
}
