package banger.daemon.config;

import banger.daemon.config.Config.Builds;
import banger.daemon.config.Config.Credentials;
import banger.daemon.config.Config.Defaults;
import banger.daemon.config.Config.DriverChoice;
import banger.daemon.config.Config.Imports;
import banger.daemon.config.Config.Pool;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.os.Reason;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.NewVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads config.toml, and reports all that is wrong with it at once. */
public final class ConfigFile {
    private static final long MAX_BYTES = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final int MAX_VCPUS = 64;
    private static final int MAX_POOL = 64;
    private static final int MAX_READY_TAPS = 64;
    private static final int MAX_OPERATIONS = 10_000_000;
    /** The daemon remembers the name of each while it unpacks. */
    private static final int MAX_ENTRIES = 5_000_000;

    private static final Duration MAX_IDLE = Duration.ofHours(24 * 30);
    private static final Duration MAX_GRACE = Duration.ofHours(1);

    private ConfigFile() {}

    /**
     * The settings of the file, or the defaults where there is none.
     *
     * @param certificates the default of {@code guest.ca_certificates}, or null
     * @throws Problem INVALID_ARGUMENT that lists every fault with its line
     */
    public static Config load(Path file, @Nullable Path certificates) {
        TomlParseResult toml = Toml.parse(text(file));
        Settings settings = new Settings(toml);
        Config config = read(settings, certificates);
        settings.refuseUnknownKeys();
        settings.faults().throwIfAny(file);
        return config;
    }

    /** The settings where there is no file. */
    public static Config defaults(@Nullable Path certificates) {
        return read(new Settings(Toml.parse("")), certificates);
    }

    /** Every key that there is. */
    static Set<String> keys() {
        Settings settings = new Settings(Toml.parse(""));
        read(settings, null);
        return settings.known();
    }

    private static Config read(Settings settings, @Nullable Path certificates) {
        String image = settings.text("defaults.image", "debian");
        return new Config(
                settings.choice("driver", DriverChoice.AUTO),
                settings.path("qemu_bin", null),
                settings.path("firecracker_bin", null),
                settings.duration("stop_grace", Duration.ofSeconds(30), MAX_GRACE),
                settings.size("console_log_limit", 16L << 20),
                new Defaults(
                        image,
                        settings.integer("defaults.vcpus", 2, 1, MAX_VCPUS),
                        settings.size("defaults.memory", 1L << 30, NewVm.MIN_MEMORY_BYTES, NewVm.MAX_MEMORY_BYTES),
                        settings.size("defaults.disk", 8L << 30, NewVm.MIN_DISK_BYTES, NewVm.MAX_DISK_BYTES),
                        settings.choice("defaults.network", NetworkMode.USER)),
                settings.path("guest.ca_certificates", certificates),
                settings.path("ssh_key_path", null),
                new Imports(
                        settings.size("import.max_size", 32L << 30),
                        settings.integer("import.max_entries", 500_000, 1, MAX_ENTRIES)),
                new Builds(
                        settings.integer("build.vcpus", 2, 1, MAX_VCPUS),
                        settings.size("build.memory", 2L << 30, NewVm.MIN_MEMORY_BYTES, NewVm.MAX_MEMORY_BYTES),
                        settings.size("build.disk", 8L << 30, NewVm.MIN_DISK_BYTES, NewVm.MAX_DISK_BYTES),
                        settings.stepTimeout("build.step_timeout")),
                new Credentials(
                        settings.flag("credentials.opencode", true),
                        settings.flag("credentials.claude", true),
                        settings.flag("credentials.pi", true)),
                new BridgeNetwork.Settings(
                        settings.subnet("network.subnet"),
                        settings.flag("network.guests_reach_each_other", true),
                        settings.integer("network.ready_taps", 4, 0, MAX_READY_TAPS)),
                new DiskLimits(
                        settings.optionalSize("limits.disk_bandwidth"),
                        settings.integer("limits.disk_operations", 0, 0, MAX_OPERATIONS)),
                settings.flag("templates.automatic", true),
                settings.optionalDuration("suspend_after", MAX_IDLE),
                new Pool(
                        settings.text("pool.image", image),
                        settings.integer("pool.size", 0, 0, MAX_POOL),
                        settings.size("pool.spare_memory", 2L << 30)));
    }

    /** The file's text; empty where there is no file. */
    static String text(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException("it is no file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is larger than 1 MiB, more than a file of settings may have");
            }
            String text = Files.readString(file);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (IOException e) {
            String reason = Reason.of(e);
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "cannot read " + (reason.startsWith(file.toString()) ? reason : file + ": " + reason),
                    "ls -l " + file,
                    e);
        }
    }
}
