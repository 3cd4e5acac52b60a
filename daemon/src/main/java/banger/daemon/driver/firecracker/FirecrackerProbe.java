package banger.daemon.driver.firecracker;

import banger.daemon.os.Command;
import banger.daemon.os.Kvm;
import banger.daemon.os.Privileges;
import banger.daemon.os.Privileges.Capability;
import banger.daemon.os.Programs;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DriverFitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds this host's Firecracker and whether it can run guests here. Safe for any number of threads. */
public final class FirecrackerProbe {
    private static final Duration VERSION_BOUND = Duration.ofSeconds(10);
    private static final String INSTALL =
            "install firecracker " + FirecrackerVersion.OLDEST + " or later, or set driver = \"qemu\"";

    private final @Nullable Path configured;
    private final Supplier<Kvm> kvm;
    private final Supplier<Optional<String>> jails;
    private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

    /** A program file that has told its version. */
    private record Seen(long bytes, FileTime changed, FirecrackerVersion version) {}

    /**
     * @param configured the program to use, or null for the one on PATH
     * @param kvm asked each time, as modules and groups change while the daemon runs
     * @param jails why the daemon may not use a jailer, empty where it may
     */
    public FirecrackerProbe(@Nullable Path configured, Supplier<Kvm> kvm, Supplier<Optional<String>> jails) {
        this.configured = configured;
        this.kvm = kvm;
        this.jails = jails;
    }

    /** @throws Problem MISSING_REQUIREMENT where there is none, it is too old, or KVM does not work */
    public FirecrackerProgram find() {
        FirecrackerProgram program = withJailer(installed());
        Kvm here = kvm.get();
        if (!here.works()) {
            throw new Problem(Problem.Kind.MISSING_REQUIREMENT, "firecracker needs kvm: " + here.reason(), here.fix());
        }
        return program;
    }

    /** The program by itself, as an answer. */
    public DriverFitness program() {
        try {
            FirecrackerProgram program = installed();
            return DriverFitness.fit(
                    program.binary() + " " + program.version(),
                    program.version().flaw());
        } catch (Problem e) {
            return DriverFitness.unfit(e.getMessage(), e.hint());
        }
    }

    /** {@link #find} as an answer. */
    public DriverFitness fitness() {
        try {
            FirecrackerProgram program = find();
            return DriverFitness.fit(
                    program.binary() + " " + program.version() + " with kvm",
                    program.version().flaw());
        } catch (Problem e) {
            return DriverFitness.unfit(e.getMessage(), e.hint());
        }
    }

    /** Whether Firecracker's processes are put into jails. */
    public DriverFitness jailer() {
        try {
            FirecrackerProgram program = installed();
            return jails.get().map(reason -> DriverFitness.unfit(reason, null)).orElseGet(() -> beside(program));
        } catch (Problem e) {
            return DriverFitness.unfit(e.getMessage(), e.hint());
        }
    }

    private FirecrackerProgram withJailer(FirecrackerProgram program) {
        return jailer().works()
                ? new FirecrackerProgram(
                        program.binary(), program.version(), jailerOf(program).orElseThrow())
                : program;
    }

    private DriverFitness beside(FirecrackerProgram program) {
        Optional<Path> jailer = jailerOf(program);
        if (jailer.isEmpty()) {
            return DriverFitness.unfit(
                    "there is no jailer beside " + program.binary() + " or on PATH",
                    "install the jailer of firecracker " + program.version());
        }
        FirecrackerVersion version = version(jailer.get());
        return version.equals(program.version())
                ? DriverFitness.fit(jailer.get() + " " + version + ": a user and a root of its own for each vm", null)
                : DriverFitness.unfit(
                        jailer.get() + " is of version " + version + ", firecracker of " + program.version(),
                        "install the jailer of firecracker " + program.version());
    }

    private static Optional<Path> jailerOf(FirecrackerProgram program) {
        Path beside = program.binary().resolveSibling("jailer");
        return Files.isExecutable(beside) ? Optional.of(beside) : Programs.find("jailer");
    }

    /** Why this process may not use a jailer, where it may not. */
    public static Optional<String> jailForbidden() {
        if (Privileges.user() != 0) {
            return Optional.of("the daemon does not run as root");
        }
        List<Capability> lacking = Privileges.lacking(List.of(Capability.values()));
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("the daemon lacks the capabilities "
                        + lacking.toString().toLowerCase(Locale.ROOT));
    }

    private FirecrackerProgram installed() {
        Path binary = configured != null
                ? configured
                : Programs.find("firecracker")
                        .orElseThrow(() ->
                                new Problem(Problem.Kind.MISSING_REQUIREMENT, "firecracker is not installed", INSTALL));
        if (!Files.isRegularFile(binary) || !Files.isExecutable(binary)) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "firecracker_bin " + binary + " is not an executable file",
                    "correct it in the configuration: banger config path");
        }
        FirecrackerVersion version = version(binary);
        if (version.compareTo(FirecrackerVersion.OLDEST) < 0) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    binary + " is firecracker " + version + ", expected " + FirecrackerVersion.OLDEST + " or later",
                    INSTALL);
        }
        return new FirecrackerProgram(binary, version, null);
    }

    /** Asks the program, once for each file that it is. */
    private FirecrackerVersion version(Path binary) {
        try {
            long bytes = Files.size(binary);
            FileTime changed = Files.getLastModifiedTime(binary);
            Seen before = seen.get(binary);
            if (before != null && before.bytes == bytes && before.changed.equals(changed)) {
                return before.version;
            }
            String said = Command.of(binary.toString(), "--version")
                    .within(VERSION_BOUND)
                    .succeed();
            FirecrackerVersion version = FirecrackerVersion.in(said)
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.MISSING_REQUIREMENT,
                            binary + " does not tell a firecracker version: "
                                    + said.lines().findFirst().orElse(""),
                            INSTALL));
            seen.put(binary, new Seen(bytes, changed, version));
            return version;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT, binary + " cannot be read: " + e.getMessage(), INSTALL, e);
        }
    }
}
