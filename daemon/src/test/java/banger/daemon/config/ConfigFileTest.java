package banger.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.config.Config.Defaults;
import banger.daemon.config.Config.DriverChoice;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.Subnet;
import banger.daemon.problem.Problem;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    private static final Config DEFAULTS = new Config(
            DriverChoice.AUTO,
            null,
            null,
            Duration.ofSeconds(30),
            16L << 20,
            new Defaults("debian", 2, 1L << 30, 8L << 30, NetworkMode.USER),
            null,
            null,
            new Config.Imports(32L << 30, 500_000),
            new Config.Builds(2, 2L << 30, 8L << 30, Duration.ofMinutes(30)),
            new Config.Credentials(true, true, true),
            new BridgeNetwork.Settings(null, true, 4),
            DiskLimits.NONE,
            true,
            null,
            new Config.Pool("debian", 0, 2L << 30));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("config.toml");
    }

    @Test
    void withoutAFileEverythingHasItsDefault() {
        assertEquals(DEFAULTS, ConfigFile.load(file, null));
    }

    @Test
    void everyKeyIsRead() {
        Config config = load("""
                driver = "qemu"
                qemu_bin = "/opt/qemu/bin/qemu-system-x86_64"
                firecracker_bin = "/opt/firecracker"
                stop_grace = "2m"
                suspend_after = "30m"
                console_log_limit = "1 MiB"
                ssh_key_path = "/home/me/.ssh/id_vms"
                [defaults]
                image = "golden"
                vcpus = 4
                memory = "512M"
                disk = "20G"
                network = "bridge"
                [guest]
                ca_certificates = "/etc/ssl/proxy.pem"
                [import]
                max_size = "1G"
                max_entries = 1000
                [build]
                vcpus = 4
                memory = "4G"
                disk = "16G"
                step_timeout = "1h"
                [credentials]
                opencode = false
                claude = true
                pi = false
                [network]
                subnet = "172.30.0.0/20"
                guests_reach_each_other = false
                ready_taps = 0
                [limits]
                disk_bandwidth = "100 MiB"
                disk_operations = 2000
                [templates]
                automatic = false
                [pool]
                image = "golden"
                size = 3
                spare_memory = "4G"
                """);
        assertEquals(
                new Config(
                        DriverChoice.QEMU,
                        Path.of("/opt/qemu/bin/qemu-system-x86_64"),
                        Path.of("/opt/firecracker"),
                        Duration.ofMinutes(2),
                        1L << 20,
                        new Defaults("golden", 4, 512L << 20, 20L << 30, NetworkMode.BRIDGE),
                        Path.of("/etc/ssl/proxy.pem"),
                        Path.of("/home/me/.ssh/id_vms"),
                        new Config.Imports(1L << 30, 1000),
                        new Config.Builds(4, 4L << 30, 16L << 30, Duration.ofHours(1)),
                        new Config.Credentials(false, true, false),
                        new BridgeNetwork.Settings(Subnet.parse("172.30.0.0/20"), false, 0),
                        new DiskLimits(100L << 20, 2000),
                        false,
                        Duration.ofMinutes(30),
                        new Config.Pool("golden", 3, 4L << 30)),
                config);
    }

    @Test
    void theExampleIsCompleteAndShowsTheDefaults() throws IOException {
        String example = Files.readString(Path.of("../config.example.toml"));
        Map<String, String> shownAsUnset = Map.of(
                "qemu_bin", "/usr/bin/qemu-system-x86_64",
                "firecracker_bin", "/usr/local/bin/firecracker",
                "ssh_key_path", "/home/me/.ssh/id_banger",
                "network.subnet", "10.209.0.0/22",
                "suspend_after", "30m",
                "pool.image", "debian",
                "limits.disk_bandwidth", "100 MiB",
                "guest.ca_certificates", "/etc/ssl/certs/ca-certificates.crt");
        Map<String, String> shown = values(example.replaceAll("(?m)^#([a-z_]+ = )", "$1"));
        assertEquals(Set.copyOf(ConfigFile.keys()), shown.keySet());
        shownAsUnset.forEach((key, value) -> assertEquals('"' + value + '"', shown.remove(key), key));
        var active = new StringBuilder();
        shown.forEach(
                (key, value) -> active.append(key).append(" = ").append(value).append('\n'));
        assertEquals(DEFAULTS, load(active.toString()));
        assertEquals(DEFAULTS, load(example));
    }

    /** What a text sets, by whole keys. */
    private static Map<String, String> values(String toml) {
        var values = new LinkedHashMap<String, String>();
        String table = "";
        for (String line : toml.lines().toList()) {
            if (line.startsWith("[")) {
                table = line.substring(1, line.indexOf(']')) + ".";
            } else if (line.matches("[a-z_]+ = .*")) {
                String[] words = line.split(" = ", 2);
                assertNull(values.put(table + words[0], words[1].replaceFirst("  # default$", "")), line);
            }
        }
        return values;
    }

    @Test
    void theListingHasEveryKeyAndGivesTheSameSettingsAgain() {
        Config config = load("""
                stop_grace = "2m"
                qemu_bin = "/opt/a \\"b\\\\c"
                [defaults]
                network = "bridge"
                [network]
                subnet = "172.30.0.0/20"
                """);
        String listing = ConfigListing.of(config, DEFAULTS);
        assertEquals(config, load(listing));
        assertEquals(Set.copyOf(ConfigFile.keys()), values(listing).keySet());
        assertTrue(listing.contains("stop_grace = \"120s\"\n"), listing);
        assertTrue(listing.contains("vcpus = 2  # default\n"), listing);
    }

    @Test
    void guestsTrustWhatTheHostWasGivenUnlessTheFileSaysOtherwise() throws IOException {
        Path given = folder.resolve("ca.pem");
        assertEquals(given, ConfigFile.load(file, given).caCertificates());
        Files.writeString(file, "guest.ca_certificates = \"/other.pem\"");
        assertEquals(Path.of("/other.pem"), ConfigFile.load(file, given).caCertificates());
        Files.writeString(file, "guest.ca_certificates = \"\"");
        assertNull(ConfigFile.load(file, given).caCertificates());
    }

    @Test
    void allFaultsAreReportedTogetherInTheOrderOfTheirLines() {
        Problem problem = assertThrows(Problem.class, () -> load("""
                drivr = "qemu"
                stop_grace = 30
                console_log_limit = "-1M"

                [defaults]
                vcpus = "two"
                memory = "lots"
                """));
        assertEquals(file + " has 5 faults:\n" + """
                  line 1: unknown key drivr; did you mean driver?
                  line 2: stop_grace is 30: expected a time in quotes, such as "30s"
                  line 3: console_log_limit "-1M" is not more than zero
                  line 6: defaults.vcpus is "two": expected a number from 1 to 64
                  line 7: defaults.memory "lots" is not a size: expected a number and a unit, such as 512M, 1G or 1.5 GiB""".indent(2).stripTrailing(), problem.getMessage());
        assertEquals(Problem.Kind.INVALID_ARGUMENT, problem.kind());
    }

    @Test
    void anUnknownTableIsNamedWithoutItsKeys() {
        Problem problem = assertThrows(Problem.class, () -> load("[default]\nimage = \"debian\"\nvcpus = 1\n"));
        assertEquals(file + ", line 1: unknown key default; did you mean defaults?", problem.getMessage());
    }

    @Test
    void aValueInATablesPlaceIsNotAnUnknownKey() {
        Problem problem = assertThrows(Problem.class, () -> load("defaults = 3\n[[import]]\nmax_entries = 1\n"));
        assertEquals(file + " has 2 faults:\n" + """
                  line 1: defaults is 3: expected a table, [defaults]
                  line 2: import is a list: expected a table, [import]""".indent(2).stripTrailing(), problem.getMessage());
    }

    @Test
    void eachBadValueIsRefusedOnItsLine() {
        for (String line : List.of(
                "driver = \"vmware\"",
                "driver = true",
                "qemu_bin = \"qemu\"",
                "qemu_bin = [\"/a\"]",
                "stop_grace = \"soon\"",
                "stop_grace = \"0s\"",
                "stop_grace = \"2h\"",
                "stop_grace = \"9999999999s\"",
                "console_log_limit = \"0\"",
                "console_log_limit = 2026-01-01",
                "defaults.vcpus = 0",
                "defaults.vcpus = -1",
                "defaults.vcpus = 65",
                "defaults.vcpus = 1.5",
                "defaults.vcpus = 99999999999",
                "defaults.image = \" \"",
                "defaults = 1",
                "defaults.disk = {}",
                "defaults.disk = \"1\"",
                "defaults.memory = \"127M\"",
                "build.memory = \"2 TiB\"",
                "guest.ca_certificates = \"~/ca.pem\"",
                "guest.later = 1",
                "defaults.network = \"bridged\"",
                "network.subnet = \"10.209.0.0\"",
                "network.subnet = \"10.209.0.1/22\"",
                "network.subnet = \"10.0.0.0/8\"",
                "network.subnet = \"fd00::/64\"",
                "network.subnet = \"224.1.0.0/24\"",
                "network.subnet = \"127.0.0.0/24\"",
                "network.subnet = \"169.254.0.0/24\"",
                "network.subnet = \"0.1.0.0/24\"",
                "network.subnet = \"240.1.0.0/24\"",
                "network.subnet = \"beta/22\"",
                "network.guests_reach_each_other = \"yes\"",
                "network.ready_taps = 65",
                "nonsense",
                "a = ",
                "\"\" = 1",
                "\"gu est\".x = 1",
                "[[guest]]")) {
            Problem problem = assertThrows(Problem.class, () -> load("\n" + line + "\n"), line);
            assertTrue(problem.getMessage().contains("line 2: "), problem.getMessage());
        }
    }

    @Test
    void aKeyInTheWrongTableIsRecognized() {
        Problem problem = assertThrows(Problem.class, () -> load("image = 2"));
        assertEquals(
                file + ", line 1: unknown key image; did you mean defaults.image or pool.image?", problem.getMessage());
    }

    @Test
    void aKeyUnlikeAnyOtherGetsNoGuess() {
        for (String key : new String[] {"telemetry_endpoint", "x"}) {
            Problem problem = assertThrows(Problem.class, () -> load(key + " = 2"));
            assertEquals(file + ", line 1: unknown key " + key, problem.getMessage());
        }
    }

    @Test
    void whatIsNotTextIsRefused() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Problem problem = assertThrows(Problem.class, () -> ConfigFile.load(file, null));
        assertEquals("cannot read " + file + ": it is not UTF-8 text", problem.getMessage());
        Files.write(file, new byte[2 << 20]);
        assertTrue(assertThrows(Problem.class, () -> ConfigFile.load(file, null))
                .getMessage()
                .contains("larger than 1 MiB"));
    }

    @Test
    void aByteOrderMarkIsNoFault() {
        assertEquals(3, load("\ufeffdefaults.vcpus = 3\n").defaults().vcpus());
    }

    @Test
    void whatIsNoFileIsNeitherWaitedForNorTakenForNone() throws IOException {
        Files.createSymbolicLink(file, file.resolveSibling("gone"));
        Problem problem = assertThrows(Problem.class, () -> ConfigFile.load(file, null));
        assertEquals("cannot read " + file + ": there is no such file", problem.getMessage());
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        problem = assertThrows(Problem.class, () -> ConfigFile.load(file, null));
        assertEquals("cannot read " + file + ": it is no file", problem.getMessage());
        Files.delete(file);
        Files.createDirectory(file);
        assertThrows(Problem.class, () -> ConfigFile.load(file, null));
    }

    @Test
    void anEmptyImageIsOneFault() {
        Problem problem = assertThrows(Problem.class, () -> load("defaults.image = \"\""));
        assertEquals(file + ", line 1: defaults.image is empty", problem.getMessage());
    }

    private Config load(String toml) {
        try {
            Files.writeString(file, toml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ConfigFile.load(file, null);
    }
}
