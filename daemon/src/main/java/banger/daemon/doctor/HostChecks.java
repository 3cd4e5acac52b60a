package banger.daemon.doctor;

import banger.daemon.config.Config;
import banger.daemon.config.Config.DriverChoice;
import banger.daemon.config.ConfigFile;
import banger.daemon.os.Command;
import banger.daemon.os.Programs;
import banger.daemon.os.RootNamespace;
import banger.daemon.problem.Problem;
import banger.daemon.rpc.DaemonProbe;
import banger.daemon.rpc.DaemonProbe.Answer;
import banger.daemon.vm.DriverFitness;
import banger.daemon.vm.HostTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of what the host brings: Java, settings, KVM, the drivers, and the programs that make images. */
final class HostChecks {
    /** What the kernel tells of when a process began is ticks since a boot whose time it tells in seconds. */
    private static final Duration START_TIMES_ERROR = Duration.ofSeconds(2);

    private static final int JAVA = 25;
    private static final String QEMU = "qemu-system-x86_64";
    private static final Pattern QEMU_VERSION = Pattern.compile("version (\\d+)\\.(\\d+)[^ \\n]*");
    /** The first release whose microvm machine has ACPI, through which the guest finds its devices. */
    private static final int[] OLDEST_QEMU = {5, 2};

    private static final Duration VERSION_BOUND = Duration.ofSeconds(10);

    private static final List<String> IMAGE_PROGRAMS =
            List.of("mmdebstrap", "mke2fs", "debugfs", "resize2fs", "depmod", "apt-get", "apt-cache", "unshare");

    private final Surroundings here;

    private HostChecks(Surroundings here) {
        this.here = here;
    }

    static List<Check> of(Surroundings here) {
        HostChecks checks = new HostChecks(here);
        return List.of(
                new Check("java", HostChecks::java),
                new Check("config", checks::config),
                new Check("kvm", checks::kvm),
                new Check("qemu", checks::qemu),
                new Check("firecracker", checks::firecracker),
                new Check("jailer", checks::jailer),
                new Check("certificates", checks::certificates),
                new Check("driver", checks::driver),
                new Check("image tools", checks::imagePrograms),
                new Check("namespaces", HostChecks::namespaces));
    }

    private static Finding java() {
        String found = "java " + Runtime.version() + " at " + System.getProperty("java.home");
        return Runtime.version().feature() >= JAVA
                ? Finding.ok(found)
                : Finding.failure(found + ", expected " + JAVA + " or later", "./dev setup");
    }

    private Finding config() {
        Path file = here.paths().configFile();
        ConfigFile.load(file, here.certificates());
        if (!Files.exists(file)) {
            return Finding.ok("no " + file + ": defaults");
        }
        return DaemonProbe.ask(here.paths().socket(), StoreChecks.ANSWER_BOUND) instanceof Answer.Running daemon
                        && isNewer(file, daemon.pid())
                ? Finding.warning(
                        file + " is newer than the daemon, which goes on with what it read when it began",
                        "banger daemon restart")
                : Finding.ok(file.toString());
    }

    private static boolean isNewer(Path file, long process) {
        Instant changed = Instant.ofEpochMilli(file.toFile().lastModified());
        return ProcessHandle.of(process)
                .flatMap(handle -> handle.info().startInstant())
                .filter(began -> changed.isAfter(began.plus(START_TIMES_ERROR)))
                .isPresent();
    }

    private Finding kvm() {
        return here.kvm().works()
                ? Finding.ok(here.kvm().reason())
                : Finding.warning(
                        here.kvm().reason() + "; vms run in emulation, several times slower",
                        here.kvm().fix());
    }

    private Finding qemu() {
        Optional<Path> program = qemuProgram();
        if (program.isEmpty()) {
            return missingQemu();
        }
        String said = Command.of(program.get().toString(), "--version")
                .within(VERSION_BOUND)
                .succeed();
        Matcher version = QEMU_VERSION.matcher(said);
        if (!version.find()) {
            return Finding.failure(
                    program.get() + " does not tell a QEMU version: "
                            + said.lines().findFirst().orElse(""),
                    null);
        }
        String found = program.get() + ", " + version.group();
        int major = Integer.parseInt(version.group(1));
        boolean old = major < OLDEST_QEMU[0]
                || major == OLDEST_QEMU[0] && Integer.parseInt(version.group(2)) < OLDEST_QEMU[1];
        return old
                ? Finding.failure(found + ", expected " + OLDEST_QEMU[0] + "." + OLDEST_QEMU[1] + " or later", null)
                : Finding.ok(found);
    }

    private Finding missingQemu() {
        Path configured = settings() == null ? null : settings().qemuBin();
        return configured == null
                ? Finding.failure(QEMU + " is not installed", "sudo apt-get install qemu-system-x86")
                : Finding.failure(
                        "qemu_bin " + configured + " is not an executable file",
                        "correct it in " + here.paths().configFile());
    }

    /** Its absence harms only who asks for it. */
    private Finding firecracker() {
        DriverFitness program = here.drivers().firecracker().apply(settingsOrDefaults());
        if (program.works()) {
            return finding(program);
        }
        return settingsOrDefaults().driver() == DriverChoice.FIRECRACKER
                ? Finding.failure(program.found(), program.fix())
                : Finding.ok(program.found() + "; vms run with qemu");
    }

    /** Where there is a Firecracker, it may run in a jail or, as the daemon's user, without. */
    private Finding jailer() {
        if (!here.drivers().firecracker().apply(settingsOrDefaults()).works()) {
            return Finding.ok("there is no firecracker to put into a jail");
        }
        DriverFitness jailer = here.drivers().jailer().apply(settingsOrDefaults());
        if (jailer.works()) {
            return finding(jailer);
        }
        String found = "firecracker runs as the daemon's user, without a jail: " + jailer.found();
        return jailer.fix() == null ? Finding.ok(found) : Finding.warning(found, jailer.fix());
    }

    /** What the daemon will choose, by the daemon's own choice. */
    private Finding driver() {
        return finding(here.drivers().chosen().apply(settingsOrDefaults()));
    }

    private static Finding finding(DriverFitness fitness) {
        if (!fitness.works()) {
            return Finding.failure(fitness.found(), fitness.fix());
        }
        return fitness.warning() == null
                ? Finding.ok(fitness.found())
                : Finding.warning(fitness.found() + ": " + fitness.warning(), fitness.fix());
    }

    private Finding imagePrograms() {
        List<String> missing = IMAGE_PROGRAMS.stream()
                .filter(name -> here.programs().apply(name).isEmpty())
                .toList();
        if (missing.isEmpty()) {
            return Finding.ok(String.join(" ", IMAGE_PROGRAMS));
        }
        var packages = new TreeSet<String>();
        missing.forEach(name -> packages.add(Programs.packageOf(name)));
        return Finding.failure(
                "missing: " + String.join(" ", missing), "sudo apt-get install " + String.join(" ", packages));
    }

    /** Each creation of a VM reads them. */
    private Finding certificates() {
        Path certificates = settingsOrDefaults().caCertificates();
        if (certificates == null) {
            return Finding.ok("none of the host's: guests keep to their own");
        }
        HostTrust.pem(certificates);
        return Finding.ok(certificates + ", which guests trust beside their own");
    }

    /** Images are made as root of a namespace; whether this user may have one shows only in trying. */
    private static Finding namespaces() {
        RootNamespace.open();
        return Finding.ok("this user can make images");
    }

    private Optional<Path> qemuProgram() {
        Config config = settings();
        return config == null || config.qemuBin() == null
                ? here.programs().apply(QEMU)
                : Optional.of(config.qemuBin()).filter(Files::isExecutable);
    }

    private Config settingsOrDefaults() {
        Config config = settings();
        return config == null ? ConfigFile.defaults(here.certificates()) : config;
    }

    /** The settings, or null where they cannot be read: the check of config.toml says why. */
    private @Nullable Config settings() {
        try {
            return ConfigFile.load(here.paths().configFile(), here.certificates());
        } catch (Problem e) {
            return null;
        }
    }
}
