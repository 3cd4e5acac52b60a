package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Container images and root file systems become images, and guests boot from them without a distribution's init. */
class ImportTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    @RegisterExtension
    static final LoopbackRegistry REGISTRY = LoopbackRegistry.start();

    private static final ContainerImage SOURCE = ContainerImage.in(HOME.folder());

    @BeforeAll
    static void importFromTheRegistry() {
        SOURCE.push(REGISTRY, "team/app", "1");
        String reference = REGISTRY.name() + "/team/app:1";
        assertEquals(
                "app",
                HOME.banger("image", "import", reference, "--name", "app").text());
        HOME.create("app", "--image", "app");
    }

    private static Outcome import0(Path source, String name) {
        return HOME.banger("image", "import", source.toString(), "--name", name);
    }

    private static String files(String image) {
        return HOME.banger("image", "diff", image).text();
    }

    @Test
    void everyFormOfTheSameImageHoldsTheSameFiles() {
        String expected = files("app");
        assertTrue(expected.contains("/etc/added") && expected.contains("/srv/all/new"), expected);
        for (Path form : List.of(SOURCE.layout(), SOURCE.layoutTar(), SOURCE.dockerSave())) {
            assertEquals("again", import0(form, "again").text());
            assertEquals(expected, files("again"), form.toString());
            HOME.banger("image", "delete", "again").exits(0);
        }
    }

    @Test
    void aGuestHasTheFilesAsTheirLayersLeaveThem() {
        assertEquals("second", HOME.sh("app", "cat /etc/added"));
        assertEquals("new", HOME.sh("app", "ls /srv/all"));
        HOME.banger("vm", "exec", "app", "sh", "-c", "test -e /etc/gone").exits(1);
        assertEquals("2 644 0 0", HOME.sh("app", "stat -c '%h %a %u %g' /etc/one"));
        assertEquals("640 0 42", HOME.sh("app", "stat -c '%a %u %g' /etc/secret"));
        assertEquals("4755", HOME.sh("app", "stat -c %a /bin/setuid"));
    }

    @Test
    void itsHomeIsOnTheWorkDisk() {
        assertEquals("from the image", HOME.sh("app", "cat /root/greeting"));
    }

    @Test
    void aSeedThatIsStaleOrMissingIsMadeByTheFirstVmThatNeedsIt() throws IOException {
        Path key = HOME.folder().resolve("c/banger/ssh/id_ed25519");
        String old = keyWithoutComment(key);
        assertTrue(HOME.sh("app", "cat /root/.ssh/authorized_keys").contains(old));
        Files.delete(key);
        Outcome renewed = HOME.banger("vm", "create", "--name", "renewed", "--image", "app");
        assertTrue(renewed.exits(0).err().contains("renewing the work seed of image app"), renewed.err());
        String keys = HOME.sh("renewed", "cat /root/.ssh/authorized_keys");
        assertTrue(keys.contains(keyWithoutComment(key)) && !keys.contains(old), keys);
        HOME.banger("vm", "delete", "renewed").exits(0);

        String seed = Json.parse(
                        HOME.banger("image", "show", "app", "--format", "json").text())
                .at("workSeed")
                .text();
        Files.delete(HOME.data().resolve("seeds/" + seed + ".ext4"));
        Outcome made = HOME.banger("vm", "create", "--name", "made", "--image", "app");
        assertTrue(made.exits(0).err().contains("making the work seed of image app, from its /root"), made.err());
        assertEquals("from the image", HOME.sh("made", "cat /root/greeting"));
        assertTrue(!HOME.banger("vm", "create", "--name", "next", "--image", "app")
                .exits(0)
                .err()
                .contains("seed"));
        HOME.banger("vm", "delete", "made", "next").exits(0);
    }

    private static String keyWithoutComment(Path key) throws IOException {
        String[] words = Files.readString(Path.of(key + ".pub")).split(" ");
        return words[0] + " " + words[1];
    }

    @Test
    void whatTheImageSaysOfItselfIsKept() {
        Json app = Json.parse(
                HOME.banger("image", "show", "app", "--format", "json").text());
        assertEquals("app:staff", app.at("user").text());
        assertEquals(
                "1000 50",
                HOME.banger("vm", "exec", "app", "sh", "-c", "echo $(id -u) $(id -G)")
                        .text());
        assertEquals("/srv", app.at("folder").text());
        assertEquals(8080, app.at("ports").items().getFirst().number());
        assertEquals("[/bin/sh, -c, true]", app.at("entrypoint").text());
        assertTrue(app.at("environment").text().contains("COLOR=dark blue"));
        assertTrue(HOME.banger("image", "history", "app").text().contains("team/app:1"));
    }

    @Test
    void withoutAnInitTheAgentIsIt() {
        assertTrue(HOME.sh("app", "readlink /proc/1/exe").startsWith("/init"), "the initramfs's program is process 1");
        HOME.sh("app", "(sleep 0.1 &) ; sleep 0.4");
        assertEquals(
                "",
                HOME.sh(
                        "app",
                        "ps | { while read -r pid user time rest; do case $rest in '[sleep]'*) echo $pid;; esac; done; }"));
    }

    @Test
    void anImageThatAVmStandsOnStays() {
        HOME.banger("image", "delete", "app").fails(1, "used by vm app");
    }
}
