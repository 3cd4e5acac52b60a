package banger.daemon.template;

import banger.daemon.files.StoredVmFiles;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ChannelKind;
import banger.daemon.image.Image;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Scratch;
import banger.daemon.os.Uninterrupted;
import banger.daemon.problem.Problem;
import banger.daemon.vm.ColdStart;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a template: boots a machine of the image, waits until it is ready and its init is up, holds it, and freezes its
 * memory, devices and disks.
 *
 * <p>All of it happens in a scratch folder that is renamed at the end; a crash leaves what {@link #sweep} removes.
 */
public final class TemplateMaker {
    private static final String SCRATCH = "template";
    private static final String NAME = "template";
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    /** A booted guest still starts a service here and there; what runs at the freeze runs in every clone. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final HostPaths paths;
    private final StoredTemplates templates;
    private final StoredVmFiles files;
    private final Driver driver;
    private final GuestSetup setup;

    public TemplateMaker(
            HostPaths paths, StoredTemplates templates, StoredVmFiles files, Driver driver, GuestSetup setup) {
        this.paths = paths;
        this.templates = templates;
        this.files = files;
        this.driver = driver;
        this.setup = setup;
    }

    /** Makes the template of that image and shape, or makes it anew. One at a time. */
    public synchronized Template make(Image recorded, VmSpec spec, Progress progress) {
        return make(recorded, spec, HostProcess.Priority.NORMAL, progress);
    }

    /** The same, giving way to whatever else the host does. */
    synchronized Template makeQuietly(Image recorded, VmSpec spec, Progress progress) {
        return make(recorded, spec, HostProcess.Priority.LOWEST, progress);
    }

    private Template make(Image recorded, VmSpec spec, HostProcess.Priority priority, Progress progress) {
        Image image = files.current(recorded, progress);
        try (Scratch scratch = Scratch.open(paths, SCRATCH)) {
            TemplateKey key = templates.key(image, spec);
            UUID machine = machineOf(scratch.folder());
            progress.stage("disks", "making its disks");
            files.makeDisks(scratch.folder(), spec, image);
            MachinePlan plan = files.plan(machine, NAME, scratch.folder(), spec, image);
            freeze(plan, vm(machine, image, spec), image, priority, progress);
            progress.stage("store", "putting it in place");
            return publish(scratch.folder(), key, image, spec);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making a template of image " + image.name());
        }
    }

    /** Ends what a crashed daemon left running; to be called before scratch folders are swept. */
    public void sweep() {
        try (Stream<Path> left = Files.list(paths.scratch())) {
            left.filter(folder -> folder.getFileName().toString().startsWith(SCRATCH + "-"))
                    .forEach(folder -> driver.sweep(machineOf(folder)));
        } catch (IOException e) {
            // There is no such folder before the first work.
        }
    }

    private void freeze(MachinePlan plan, Vm vm, Image image, HostProcess.Priority priority, Progress progress)
            throws IOException {
        progress.stage("boot", "booting it");
        var start = new ColdStart(driver, "the template of image " + image.name(), "banger doctor");
        ColdStart.Greeted greeted = start.run(
                plan, begun -> HostProcess.of(begun.runtime().pid()).ifPresent(process -> process.give(priority)));
        Machine machine = greeted.machine();
        try (AgentSession session = greeted.session()) {
            setup.run(vm, session, setup.files(vm));
            progress.stage("ready", "waiting until it is ready");
            var conditions = new ArrayList<>(image.readiness());
            conditions.add("init");
            session.call(ChannelKind.READY, request -> request.strings(conditions), READY_BOUND)
                    .end();
            Thread.sleep(SETTLE);
            AfterBoot.finish(session);
            progress.checkCancelled();
            progress.stage("freeze", "freezing it");
            session.call(ChannelKind.SYNC, request -> {}, BOUND).end();
            session.call(ChannelKind.HOLD, request -> request.u8(1), BOUND).end();
            machine.freeze(FrozenMachine.in(plan.folder()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "making a template was interrupted");
        } finally {
            Uninterrupted.run(() -> {
                machine.kill();
                driver.sweep(plan.vm());
                setup.forget(vm);
            });
        }
    }

    private Template publish(Path made, TemplateKey key, Image image, VmSpec spec) throws IOException {
        for (String log : new String[] {"console.log", "vmm.log"}) {
            Files.deleteIfExists(made.resolve(log));
        }
        return templates.put(made, key, image, spec);
    }

    private static Vm vm(UUID machine, Image image, VmSpec spec) {
        Instant now = Instant.now();
        String machineId = machine.toString().replace("-", "");
        return new Vm(machine, NAME, image.id(), spec, VmState.CREATING, machineId, null, null, null, now, now);
    }

    /** The folder's name ends with an id of its own, which serves the machine as well. */
    private static UUID machineOf(Path folder) {
        return UUID.fromString(folder.getFileName().toString().substring(SCRATCH.length() + 1));
    }
}
