package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a VM changed becomes an image, which outlives its base; and an import that a crash cuts off is none. */
class CommitTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    private static final Path ROOTFS = ContainerImage.in(HOME.folder()).rootfsTar();

    /** What is to go wrong in the daemon, once. */
    private static final Path FAULTS = HOME.folder().resolve("faults");

    static {
        HOME.environment().put("BANGER_FAULTS", FAULTS.toString());
    }

    private static Json image(String name) {
        return Json.parse(HOME.banger("image", "show", name, "--format", "json").text());
    }

    @Test
    void aCommittedImageHasWhatItsVmChangedAndOutlivesItsBase() throws IOException {
        HOME.banger("image", "import", ROOTFS.toString(), "--name", "base").exits(0);
        HOME.create("maker", "--image", "base");
        HOME.sh("maker", "echo new >/etc/new; busybox rm /etc/gone; busybox chmod 600 /etc/one; echo mine >/root/mine");
        HOME.banger("image", "commit", "maker", "child").fails(1, "maker", "not stopped", "vm stop maker");
        HOME.banger("vm", "suspend", "maker").exits(0);
        HOME.banger("image", "commit", "maker", "asleep").exits(0);
        assertTrue(
                HOME.banger("image", "diff", "asleep").text().contains("A /etc/new"), "what was just written is in it");
        HOME.banger("image", "delete", "asleep").exits(0);
        HOME.banger("vm", "resume", "maker").exits(0);
        HOME.banger("vm", "stop", "maker").exits(0);
        HOME.banger("image", "commit", "maker", "child\u001b[2J").fails(1, "child?[2J");
        HOME.banger("image", "commit", "maker", "base").fails(1, "base exists already");
        theDaemonDiesAt("LAYER_PUBLISHED");
        HOME.banger("image", "commit", "maker", "child").exits(1);
        HOME.banger("image", "show", "child").fails(1, "no image");
        HOME.assertNothingLeftOver();
        assertEquals("child", HOME.banger("image", "commit", "maker", "child").text());
        String diff = HOME.banger("image", "diff", "child").text();
        for (String line : new String[] {"A /etc/new", "D /etc/gone", "C /etc/one"}) {
            assertTrue(diff.lines().anyMatch(line::equals), diff);
        }
        assertTrue(!diff.contains("machine-id") && !diff.contains("authorized_keys"), diff);
        String history = HOME.banger("image", "history", "child").text();
        assertTrue(history.contains("imported from") && history.contains("vm maker of image base"), history);
        assertTrue(image("child").at("sharedBytes").number() > 1 << 20, "the base's layer is shared");
        assertTrue(image("child").at("ownBytes").number() < 1 << 20, "the child's own layer is small");

        HOME.banger("image", "delete", "base").fails(1, "used by vm maker");
        HOME.banger("vm", "delete", "maker").exits(0);
        HOME.banger("image", "delete", "base").exits(0);
        HOME.create("heir", "--image", "child");
        assertEquals("new", HOME.sh("heir", "cat /etc/new"));
        HOME.banger("vm", "exec", "heir", "sh", "-c", "test -e /etc/gone").exits(1);
        assertEquals("600", HOME.sh("heir", "stat -c %a /etc/one"));
        assertEquals("from the image", HOME.sh("heir", "cat /root/*"), "a home stays with its vm");
        HOME.banger("vm", "delete", "heir").exits(0);
        HOME.banger("image", "delete", "child").exits(0);
        HOME.assertNothingLeftOver();
    }

    @Test
    void anImportThatACrashCutsOffLeavesNothingOrAWholeImage() throws IOException {
        Command.ok(
                "sh",
                "-euc",
                "cd \"$1\" && head -c 80000000 /dev/urandom >large && tar -rf \"$2\" large",
                "sh",
                HOME.folder().toString(),
                ROOTFS.toString());
        for (String stage : new String[] {"unpack: ", "layer: "}) {
            killTheDaemonAt(stage);
            assertEquals("debian", HOME.banger("image", "list", "-q").text());
            HOME.assertNothingLeftOver();
        }
        for (String step : new String[] {"LAYER_PUBLISHED", "SEED_PUBLISHED"}) {
            theDaemonDiesAt(step);
            HOME.banger("image", "import", ROOTFS.toString(), "--name", "never").exits(1);
            assertEquals("debian", HOME.banger("image", "list", "-q").text(), step);
            HOME.assertNothingLeftOver();
        }
        theDaemonDiesAt("IMAGE_RECORDED");
        HOME.banger("image", "import", ROOTFS.toString(), "--name", "never").exits(1);
        assertItIsWhole();
        HOME.assertNothingLeftOver();
    }

    private static void theDaemonDiesAt(String step) throws IOException {
        Files.writeString(FAULTS, "die " + step);
    }

    private static void killTheDaemonAt(String stage) {
        HOME.banger("daemon", "start").exits(0);
        long daemon = HOME.daemonPid();
        try (Command importing = HOME.start("image", "import", ROOTFS.toString(), "--name", "never")) {
            importing.awaitErr(stage);
            HostProcesses.kill(daemon);
            assertTrue(importing.waitFor().exit() != 0);
        }
    }

    private static void assertItIsWhole() {
        String listed = HOME.banger("image", "list").text();
        assertTrue(!listed.contains("broken"), listed);
        assertTrue(HOME.banger("image", "diff", "never").text().contains("A /large"));
        HOME.banger("image", "delete", "never").exits(0);
    }
}
