package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
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
    static final Home HOME = Home.withImage();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
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
        HOME.create("large", "--disk", "12G");
        assertTrue(Long.parseLong(
                        HOME.sh("large", "df --output=size -k /root | tail -1").strip())
                > 11 << 20);
        HOME.sh("large", "echo kept >/root/kept; sync");
        HOME.banger("vm", "restart", "large").exits(0);
        assertEquals("kept", HOME.sh("large", "cat /root/kept"));
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

    /** And not booted after all. */
    static boolean restored(Outcome created) {
        String told = created.exits(0).err();
        return told.contains("restoring its memory") && !told.contains("booting the kernel");
    }
}
