package banger.daemon.build;

import banger.daemon.ext4.Difference;
import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Overlay;
import banger.daemon.files.StoredVmFiles;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The part of a build that needs a VM: the steps from the first that is not known on.
 *
 * <p>One machine runs them all. Between two steps its root disk is looked at while nothing in it moves, and what is new
 * in it becomes the layer of the step; what the boot itself changes belongs to none. The home is a folder of the root
 * there, and not a disk of its own, so that steps may change it.
 */
record BuildRun(
        String name,
        Image base,
        Layer home,
        List<Step> steps,
        List<String> keys,
        Map<String, String> environment,
        Duration bound,
        LayerShop shop,
        BuildLog log,
        Progress progress) {

    /** Where machines for builds come from. */
    record Machines(
            HostPaths paths,
            StoredVmFiles files,
            Driver driver,
            GuestSetup setup,
            ImageBuild.HostVariables variables,
            VmSpec spec) {

        /** The same on the bridge where no driver has a network of its own. @throws Problem where that cannot be either */
        Machines onNetwork() {
            boolean served = driver.capabilities().networks().contains(spec.network());
            VmSpec chosen = served ? spec : spec.withNetwork(NetworkMode.BRIDGE);
            driver.require(chosen);
            return new Machines(paths, files, driver, setup, variables, chosen);
        }
    }

    /** @param made the layers of the steps that are known, to which the others are added */
    void run(Machines machines, List<Layer> made) throws IOException {
        List<Layer> layers = new ArrayList<>(base.layers());
        layers.add(home);
        if (base.layers().size() + made.size() > Image.MAX_LAYERS) {
            layers.add(shop.merged(made, progress));
        } else {
            layers.addAll(made);
        }
        try (Scratch scratch = Scratch.open(machines.paths(), BuildMachine.SCRATCH)) {
            UUID id = BuildMachine.idOf(scratch.folder().getFileName().toString());
            Vm vm = vm(id, machines.spec());
            machines.files().makeRoot(scratch.folder(), machines.spec());
            MachinePlan plan = machines.files()
                    .plan(id, vm.name(), scratch.folder(), machines.spec(), base.kernel(), layers, false);
            try (var machine = BuildMachine.boot(machines.driver(), machines.setup(), plan, vm, progress)) {
                Map<String, String> all =
                        new LinkedHashMap<>(machines.variables().apply(vm));
                all.putAll(environment);
                var runner = new StepRunner(name, machine.session(), all, bound, log, progress);
                steps(machine, runner, scratch.folder(), layers, machines.paths(), made);
            } finally {
                machines.setup().forget(vm);
            }
        }
    }

    private void steps(
            BuildMachine machine, StepRunner runner, Path scratch, List<Layer> below, HostPaths paths, List<Layer> made)
            throws IOException {
        Entry before;
        try (var disk = look(machine, scratch)) {
            before = machine.changes(disk);
        }
        for (int i = made.size(); i < steps.size(); i++) {
            Step step = steps.get(i);
            String number = (i + 1) + "/" + steps.size();
            log.heading("step " + number + ": " + step.what());
            progress.stage("build", step.what());
            progress.progress(i, (long) steps.size(), "steps");
            run(machine, runner, number, step);
            try (var disk = look(machine, scratch);
                    var open = new LayerShop.OpenLayers(paths)) {
                Entry after = machine.changes(disk);
                Entry layer = Difference.between(before, after, () -> {
                    List<Entry> all = open.trees(below);
                    all.add(after);
                    return Overlay.view(all);
                });
                requireUnchanged(step, i);
                made.add(shop.make(keys.get(i), step.what(), layer, progress));
                before = after;
            }
        }
    }

    private void run(BuildMachine machine, StepRunner runner, String number, Step step) throws IOException {
        try {
            runner.run(number, step);
        } catch (IOException | Problem e) {
            progress.checkCancelled();
            if (machine.isAlive()) {
                throw e;
            }
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the machine ended during step " + number + " of image " + name + " (" + step.what() + ")"
                            + "; its last words:\n" + machine.lastWords(),
                    "raise build.memory in config.toml where it was out of memory",
                    e);
        }
    }

    /** What was copied must be what the key stands for. */
    private void requireUnchanged(Step step, int index) throws IOException {
        if (step instanceof Step.Copy copy
                && !StepKeys.of(base, home, environment, steps.subList(0, index + 1))
                        .get(index)
                        .equals(keys.get(index))) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    copy.source() + " changed while image " + name + " was built",
                    "banger image build " + name + " again");
        }
    }

    private Ext4Volume look(BuildMachine machine, Path scratch) throws IOException {
        Path copy = scratch.resolve("seen.ext4");
        Files.deleteIfExists(copy);
        Path recovery = scratch.resolve("recovery");
        Files.createDirectories(recovery);
        Files.deleteIfExists(recovery.resolve("recovered.ext4"));
        return machine.disk(copy, recovery, progress);
    }

    private Vm vm(UUID id, VmSpec spec) {
        Instant now = Instant.now();
        String machineId = id.toString().replace("-", "");
        return new Vm(id, "build", base.id(), spec, VmState.CREATING, machineId, null, null, null, now, now);
    }
}
