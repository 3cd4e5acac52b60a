package banger.it;

import static banger.it.TemplateTest.restored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Templates that no longer fit, or are no longer what was written: they are not used, and it is said why. */
@Tag("long")
class StaleTemplateTest {
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

    private static Path onlyFolder(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> found = folders.toList();
            assertEquals(1, found.size());
            return found.getFirst();
        }
    }
}
