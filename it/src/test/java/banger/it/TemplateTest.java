package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Templates: made by themselves, restored from, and never shared secrets of. */
@Order(6)
class TemplateTest {
    /** Runs in a guest; the benchmark's long form of this proof reads the same. */
    private static final Path DRAWN = Path.of("../bench/guest/drawn.py");

    private static final int COPIES = 3;
    /** As many kinds as the debian image has programs for. */
    private static final int EXPECTED = 15;

    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    private static List<String> templates() {
        return HOME.banger("template", "list", "-q").text().lines().toList();
    }

    private static void warm() {
        if (templates().isEmpty()) {
            HOME.banger("image", "warm", "debian").exits(0);
        }
    }

    /** What no two VMs may have in common, a line each, as that VM has it. */
    static List<String> drawn(Home home, String vm) {
        try {
            List<String> lines = home.banger(
                            "vm", "exec", "--user", "root", vm, "python3", "-c", Files.readString(DRAWN))
                    .text()
                    .lines()
                    .toList();
            assertTrue(lines.size() >= EXPECTED, () -> "too little was read: " + lines);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is read is read first thing, while the others are restored as well. */
    @Test
    void vmsOfOneTemplateShareNoSecret() {
        warm();
        List<List<String>> drawn = IntStream.range(0, COPIES)
                .parallel()
                .mapToObj(number -> {
                    String name = "twin-" + number;
                    Outcome created = HOME.banger("vm", "create", "--name", name);
                    assertTrue(restored(created), created.err());
                    return drawn(HOME, name);
                })
                .toList();
        var seen = new HashSet<String>();
        for (List<String> each : drawn) {
            for (String line : each) {
                assertTrue(seen.add(line), "two vms have the same " + line);
            }
        }
    }

    @Test
    void aRestoredVmHasTheSizeAskedForAndStartsColdFromItsDisks() {
        warm();
        HOME.create("large", "--disk", "12G");
        assertTrue(Long.parseLong(
                        HOME.sh("large", "df --output=size -k /root | tail -1").strip())
                > 11 << 20);
        HOME.sh("large", "echo kept >/root/kept; sync");
        HOME.banger("vm", "restart", "large").exits(0);
        assertEquals("kept", HOME.sh("large", "cat /root/kept"));
    }

    @Test
    void aDamagedTemplateIsRemovedAndTheCreateSaysThatItGoesCold() throws IOException {
        warm();
        Path devices = onlyFolder(HOME.data().resolve("templates")).resolve("devices");
        assertTrue(devices.toFile().setWritable(true));
        try (var file = new RandomAccessFile(devices.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[4096]);
        }
        Outcome created = HOME.banger("vm", "create", "--name", "cold").exits(0);
        assertTrue(created.err().contains("was damaged") && created.err().contains("booting cold"), created.err());
        assertEquals("cold", HOME.sh("cold", "hostname"));
        assertEquals(List.of(), templates());
    }

    /** As after a power cut: what is on the disk is read once, when the host has started anew. */
    @Test
    void aTemplateWhoseMemoryIsNotWhatWasWrittenIsNotUsedAfterAHostsReboot() throws IOException {
        warm();
        Path folder = onlyFolder(HOME.data().resolve("templates"));
        Path manifest = folder.resolve("template.properties");
        assertTrue(manifest.toFile().setWritable(true));
        Files.writeString(manifest, Files.readString(manifest).replaceAll("(?m)^host_boot=.*$", "host_boot=another"));
        assertTrue(HOME.banger("vm", "create", "--name", "sound").exits(0).err().contains("restoring its memory"));

        HOME.killDaemon();
        assertTrue(folder.resolve("ram").toFile().setWritable(true));
        try (var file = new RandomAccessFile(folder.resolve("ram").toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(1);
        }
        Outcome created = HOME.banger("vm", "create", "--name", "spared").exits(0);
        assertFalse(created.err().contains("restoring"), created.err());
        assertTrue(created.err().contains("its file ram is not what was written"), created.err());
        assertEquals(List.of(), templates());
    }

    @Test
    void aTemplateOfAnotherShapeServesItUntilTheHostsCertificatesChange() throws IOException {
        List<String> others = templates();
        HOME.banger("image", "warm", "debian", "--vcpu", "2", "--memory", "512M")
                .exits(0);
        String made = templates().stream()
                .filter(each -> !others.contains(each))
                .findFirst()
                .orElseThrow();
        String[] create = {"vm", "create", "--vcpu", "2", "--memory", "512M", "--wait", "--name", "one"};
        assertTrue(restored(HOME.banger(create)));
        assertEquals("2", HOME.sh("one", "nproc"));
        HOME.banger("vm", "delete", "one").exits(0);

        Path certificates = Files.writeString(HOME.folder().resolve("ca.pem"), "");
        HOME.configure("[guest]\nca_certificates = \"" + certificates + "\"\n");
        HOME.killDaemon();
        Outcome stale = HOME.banger(create).exits(0);
        assertTrue(
                stale.err().contains("the template is stale, as changed since: the host's certificates; booting cold"),
                stale.err());
        String start = HOME.sh("one", "systemctl is-system-running || true");
        assertTrue(start.matches("running|degraded"), "--wait has waited for the guest's own start: " + start);
        HOME.configure("");
        HOME.killDaemon();
        HOME.banger("template", "delete", made).exits(0);
    }

    @Test
    void aCreateThatBootedHasATemplateMadeForTheNextUnlessTheDaemonEnds() {
        try (Home home = Home.withoutTemplate()) {
            home.configureWholly("[templates]\nautomatic = true\n");
            assertFalse(restored(home.banger("vm", "create", "--name", "first")));
            Wait.until(
                    "a template",
                    () -> !home.banger("template", "list", "-q").text().isEmpty());
            assertTrue(restored(home.banger("vm", "create", "--name", "second")));
            assertEquals("second", home.sh("second", "hostname"));

            home.banger(
                            "template",
                            "delete",
                            home.banger("template", "list", "-q").text())
                    .exits(0);
            home.banger("vm", "create", "--name", "third").exits(0);
            Wait.until("another", () -> !makers(home).isEmpty());
            home.banger("daemon", "stop").exits(0);
            assertEquals(List.of(), makers(home), "a daemon that ends gives it up");
            assertEquals("", home.banger("template", "list", "-q").text());
            home.banger("vm", "delete", "--all").exits(0);
        }
    }

    private static List<HostProcesses.Entry> makers(Home home) {
        return HostProcesses.of(home.folder()).stream()
                .filter(process -> process.line().contains("-name banger-template"))
                .toList();
    }

    private static Path onlyFolder(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> found = folders.toList();
            assertEquals(1, found.size());
            return found.getFirst();
        }
    }

    /** And not booted after all. */
    static boolean restored(Outcome created) {
        String told = created.exits(0).err();
        return told.contains("restoring its memory") && !told.contains("booting the kernel");
    }
}
