package banger.daemon.driver.firecracker;

import banger.daemon.os.DetachedProcess;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.ProcessTable;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Runs each VM in a Firecracker process (docs/firecracker.md). */
public final class FirecrackerDriver implements Driver {
    /** Firecracker has about 19 interrupt lines for devices; vsock, entropy, balloon and network take one each. */
    private static final int MAX_DISKS = 15;
    /** PUT /machine-config takes 1 to 32. */
    private static final int MAX_VCPUS = 32;

    private final Supplier<FirecrackerProgram> program;
    private final HostPaths paths;

    /** @param program asked at each start, so that a Firecracker which is installed later is found */
    public FirecrackerDriver(Supplier<FirecrackerProgram> program, HostPaths paths) {
        this.program = program;
        this.paths = paths;
    }

    @Override
    public String name() {
        return "firecracker";
    }

    @Override
    public String description() {
        try {
            FirecrackerProgram found = program.get();
            return found.binary() + " " + found.version() + " with kvm";
        } catch (Problem e) {
            return e.getMessage();
        }
    }

    @Override
    public DriverCapabilities capabilities() {
        return new DriverCapabilities(MAX_DISKS, MAX_VCPUS, Set.of(NetworkMode.NONE));
    }

    /** There are no ports to choose: they need a network. */
    @Override
    public MachinePlan complete(MachinePlan plan) {
        return plan;
    }

    @Override
    public Machine start(MachinePlan plan) {
        capabilities().require(name(), plan);
        FirecrackerProgram found = program.get();
        FirecrackerFiles files = files(plan.vm(), plan.folder());
        FirecrackerMachine machine = begin(found, plan, files);
        try {
            machine.awaitGuest();
            new Configuration(machine.api(), plan).bootCold();
            return machine;
        } catch (IOException e) {
            String words = machine.lastWords();
            machine.kill();
            sweep(plan.vm());
            throw new Problem(
                    Problem.Kind.FAILED,
                    "vm " + plan.name() + " did not start: " + e.getMessage()
                            + (words.isEmpty() ? "" : "; its last words:\n" + words),
                    "banger vm logs " + plan.name(),
                    e);
        }
    }

    /** Starts the process, which waits to be told what to run. */
    private FirecrackerMachine begin(FirecrackerProgram found, MachinePlan plan, FirecrackerFiles files) {
        try {
            files.prepare();
            HostProcess process = DetachedProcess.start(
                    List.of(
                            found.binary().toString(),
                            "--id",
                            plan.vm().toString(),
                            "--api-sock",
                            FirecrackerFiles.API_SOCKET),
                    plan.folder(),
                    files.console());
            var runtime = new Runtime(
                    name(), process.pid(), process.startTicks(), HostProcess.bootId(), Instant.now(), List.of());
            Files.writeString(files.pidFile(), process.pid() + "\n");
            return new FirecrackerMachine(runtime, files);
        } catch (IOException e) {
            sweep(plan.vm());
            throw new Problem(
                    Problem.Kind.FAILED, "vm " + plan.name() + " did not start: " + e.getMessage(), "banger doctor", e);
        } catch (Problem e) {
            sweep(plan.vm());
            throw e;
        }
    }

    @Override
    public Optional<Machine> attach(UUID vm, Runtime runtime) {
        if (!runtime.bootId().equals(HostProcess.bootId())) {
            return Optional.empty();
        }
        var machine = new FirecrackerMachine(runtime, files(vm, paths.vm(vm.toString())));
        return machine.isAlive() ? Optional.of(machine) : Optional.empty();
    }

    @Override
    public void sweep(UUID vm) {
        FirecrackerFiles files = files(vm, paths.vm(vm.toString()));
        if (Files.exists(files.pidFile())) {
            ProcessTable.list().stream()
                    .filter(entry -> isOf(vm, entry.argv()))
                    .forEach(entry -> entry.process().kill());
        }
        try {
            files.clear();
            Files.deleteIfExists(files.runtime());
        } catch (DirectoryNotEmptyException e) {
            // Another driver's files, which are that driver's to clear.
            return;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot clear " + files.runtime() + ": " + e.getMessage(), null, e);
        }
    }

    /** A VM's id is nobody else's, so that its place on the command line says enough. */
    private static boolean isOf(UUID vm, List<String> argv) {
        int id = argv.indexOf("--id");
        return argv.contains("--api-sock") && id >= 0 && id + 1 < argv.size() && argv.get(id + 1).equals(vm.toString());
    }

    private FirecrackerFiles files(UUID vm, Path folder) {
        return new FirecrackerFiles(folder, paths.vmRuntime(vm.toString()));
    }
}
