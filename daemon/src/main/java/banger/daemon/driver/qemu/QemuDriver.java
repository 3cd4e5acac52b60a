package banger.daemon.driver.qemu;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.DetachedProcess;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.ProcessTable;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs each VM in a qemu-system process: the microvm machine, virtio-mmio, user networking. */
public final class QemuDriver implements Driver {
    /** QEMU's microvm has 24 virtio-mmio slots with ACPI; rng, serial and network take one each. */
    private static final int MAX_DISKS = 21;
    /** The machine type's own limit. */
    private static final int MAX_VCPUS = 288;

    private static final Duration SOCKET_BOUND = Duration.ofSeconds(30);

    private final Supplier<QemuProgram> program;
    private final HostPaths paths;
    private final DiskLimits limits;
    private final FrozenMemory frozen = new FrozenMemory();

    /** @param program asked at each start, so that a QEMU which is installed later is found */
    public QemuDriver(Supplier<QemuProgram> program, HostPaths paths, DiskLimits limits) {
        this.program = program;
        this.paths = paths;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "qemu";
    }

    @Override
    public String description() {
        try {
            QemuProgram found = program.get();
            return found.binary() + " with " + found.accelerator().name().toLowerCase(Locale.ROOT);
        } catch (Problem e) {
            return e.getMessage();
        }
    }

    @Override
    public String fingerprint() {
        QemuProgram found = program.get();
        try {
            Path binary = found.binary().toRealPath();
            return String.join(
                    " ",
                    name(),
                    binary.toString(),
                    Long.toString(Files.size(binary)),
                    Files.getLastModifiedTime(binary).toString(),
                    found.accelerator().name(),
                    QemuCommandLine.machineOf(found.accelerator()),
                    Long.toString(found.tscKhz()),
                    HostCpu.ofThisHost().fingerprint());
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, found.binary() + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    @Override
    public DriverCapabilities capabilities() {
        return new DriverCapabilities(MAX_DISKS, MAX_VCPUS, Set.of(NetworkMode.values()), true, true);
    }

    @Override
    public MachinePlan complete(MachinePlan plan) {
        return plan.withPublish(
                plan.spec().publish().stream().map(PublishedPort::chosen).toList());
    }

    @Override
    public Machine start(MachinePlan plan) {
        capabilities().require(name(), plan);
        if (plan.spec().network() == NetworkMode.USER) {
            plan.spec().publish().forEach(PublishedPort::requireFree);
        }
        QemuFiles files = files(plan.vm(), plan.folder());
        try {
            Files.createDirectories(files.runtime());
            // The program makes its sockets and its pid file itself; what a dead one left would be taken for them.
            clear(files);
            // A daemon that dies before the program has written its number finds by this that there may be one.
            Files.writeString(files.pidFile(), "");
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot make " + files.runtime() + ": " + e.getMessage(), null, e);
        }
        FrozenMachine origin = plan.origin();
        try (var opening = origin == null ? FrozenMemory.NOTHING : frozen.open(origin.memory())) {
            return start(plan, files);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the memory of vm " + plan.name() + " cannot be opened: " + e.getMessage(),
                    null,
                    e);
        }
    }

    private Machine start(MachinePlan plan, QemuFiles files) {
        HostProcess process = DetachedProcess.start(
                QemuCommandLine.of(program.get(), plan, files, limits), plan.folder(), files.log());
        var runtime = new Runtime(
                name(),
                process.pid(),
                process.startTicks(),
                HostProcess.bootId(),
                Instant.now(),
                plan.spec().publish());
        var machine = new QemuMachine(runtime, files);
        try {
            FaultPoint.PROCESS_STARTED.pass();
            machine.awaitStart(SOCKET_BOUND);
            if (plan.origin() != null) {
                machine.restore(plan.origin());
            }
            return machine;
        } catch (IOException | RuntimeException e) {
            machine.kill();
            sweep(plan.vm());
            if (e instanceof RuntimeException failure) {
                throw failure;
            }
            throw new Problem(
                    Problem.Kind.FAILED,
                    "qemu did not start vm " + plan.name() + ": " + machine.lastWords(),
                    "banger vm logs " + plan.name(),
                    e);
        }
    }

    @Override
    public Optional<Machine> attach(UUID vm, Runtime runtime) {
        if (!runtime.bootId().equals(HostProcess.bootId())) {
            return Optional.empty();
        }
        var machine = new QemuMachine(runtime, files(vm, paths.vm(vm.toString())));
        return machine.isAlive() ? Optional.of(machine) : Optional.empty();
    }

    @Override
    public void sweep(UUID vm) {
        QemuFiles files = files(vm, paths.vm(vm.toString()));
        if (Files.exists(files.pidFile())) {
            Optional<Long> written = pidOf(files);
            Stream<HostProcess> candidates = written.isPresent()
                    ? written.flatMap(HostProcess::of).stream()
                    : ProcessTable.list().stream().map(ProcessTable.Entry::process);
            candidates.filter(process -> isOurs(process, files)).forEach(HostProcess::kill);
        }
        try {
            clear(files);
            Files.deleteIfExists(files.runtime());
        } catch (DirectoryNotEmptyException e) {
            // Another driver's files, which are that driver's to clear.
            return;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot clear " + files.runtime() + ": " + e.getMessage(), null, e);
        }
    }

    private QemuFiles files(UUID vm, Path folder) {
        return new QemuFiles(folder, paths.vmRuntime(vm.toString()));
    }

    private static void clear(QemuFiles files) throws IOException {
        for (Path file :
                new Path[] {files.agentSocket(), files.monitorSocket(), files.migrationSocket(), files.pidFile()}) {
            Files.deleteIfExists(file);
        }
    }

    private static Optional<Long> pidOf(QemuFiles files) {
        try {
            return Optional.of(Long.parseLong(Files.readString(files.pidFile()).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A pid file may name a process that came later: ours says on its command line where its pid file is. */
    private static boolean isOurs(HostProcess process, QemuFiles files) {
        return List.of(HostProcess.commandLine(process.pid()))
                .contains(files.pidFile().toString());
    }
}
