package banger.daemon.driver.firecracker;

import banger.daemon.os.DetachedProcess;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Privileges;
import banger.daemon.os.ProcessTable;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
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
    private final Path cgroups;
    private final DiskLimits limits;

    /**
     * @param program asked at each start, so that a Firecracker which is installed later is found
     * @param cgroups where the host has its cgroups
     */
    public FirecrackerDriver(Supplier<FirecrackerProgram> program, HostPaths paths, Path cgroups, DiskLimits limits) {
        this.program = program;
        this.paths = paths;
        this.cgroups = cgroups;
        this.limits = limits;
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
    public String fingerprint() {
        FirecrackerProgram found = program.get();
        String cpu = HostCpu.ofThisHost().fingerprint();
        return String.join(" ", name(), found.version().toString(), cpu);
    }

    @Override
    public DriverCapabilities capabilities() {
        return new DriverCapabilities(MAX_DISKS, MAX_VCPUS, Set.of(NetworkMode.BRIDGE, NetworkMode.NONE), true, false);
    }

    /** Ports are the bridge's to publish, and chosen before. */
    @Override
    public MachinePlan complete(MachinePlan plan) {
        return plan;
    }

    @Override
    public Machine start(MachinePlan plan) {
        capabilities().require(name(), plan);
        FirecrackerProgram found = program.get();
        FirecrackerFiles files = files(plan.vm(), plan.folder());
        Workplace workplace = found.jailer() == null
                ? new OpenWorkplace(plan.vm(), files)
                : new Jail(plan.vm(), files, found, cgroups);
        FirecrackerMachine machine = begin(found, plan, files, workplace);
        try {
            machine.awaitGuest();
            var configuration = new Configuration(machine.api(), plan, workplace, limits);
            if (plan.origin() == null) {
                configuration.bootCold();
            } else {
                configuration.restore(plan.origin());
            }
            return machine;
        } catch (IOException | RuntimeException e) {
            String words = machine.lastWords();
            machine.kill();
            sweep(plan.vm());
            if (e instanceof Problem problem) {
                throw problem;
            }
            throw new Problem(
                    Problem.Kind.FAILED,
                    "vm " + plan.name() + " did not start: " + e.getMessage()
                            + (words.isEmpty() ? "" : "; its last words:\n" + words),
                    "banger vm logs " + plan.name(),
                    e);
        }
    }

    /** Starts the process, which waits to be told what to run. */
    private FirecrackerMachine begin(
            FirecrackerProgram found, MachinePlan plan, FirecrackerFiles files, Workplace workplace) {
        try {
            files.clear();
            Files.writeString(files.pidFile(), "");
            workplace.prepare();
            HostProcess process = DetachedProcess.start(workplace.command(found), plan.folder(), files.console());
            var runtime = new Runtime(
                    name(),
                    process.pid(),
                    process.startTicks(),
                    HostProcess.bootId(),
                    Instant.now(),
                    plan.spec().publish());
            FaultPoint.PROCESS_STARTED.pass();
            Files.writeString(files.pidFile(), process.pid() + "\n");
            return new FirecrackerMachine(runtime, files, workplace.user());
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
        FirecrackerFiles files = files(vm, paths.vm(vm.toString()));
        long user = Files.exists(files.jail()) ? Jail.userOf(vm) : Privileges.user();
        var machine = new FirecrackerMachine(runtime, files, user);
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
            Jail.remove(vm, files, cgroups);
            Files.deleteIfExists(files.pidFile());
            Files.deleteIfExists(files.runtime());
        } catch (DirectoryNotEmptyException e) {
            // Another driver's files, which are that driver's to clear.
            return;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot clear " + files.runtime() + ": " + e.getMessage(), null, e);
        }
    }

    /** A VM's id is nobody else's, so that its place on the command line says enough. */
    static boolean isOf(UUID vm, List<String> argv) {
        int id = argv.indexOf("--id");
        return argv.contains("--api-sock")
                && id >= 0
                && id + 1 < argv.size()
                && argv.get(id + 1).equals(vm.toString());
    }

    private FirecrackerFiles files(UUID vm, Path folder) {
        return new FirecrackerFiles(folder, paths.vmRuntime(vm.toString()), paths.vmJail(vm.toString()));
    }
}
