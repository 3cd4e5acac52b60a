package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The main job by a user without any privileges. */
@Order(3)
class OrdinaryUserTest {
    private static final String USER = "banger-it-" + ProcessHandle.current().pid();

    @BeforeAll
    static void makeUser() {
        assumeTrue(Command.isRoot(), "not run by root, so every other test shows this");
        // With ranges in /etc/subuid and /etc/subgid, as Debian gives them to every user.
        Command.ok("useradd", "--no-create-home", "--shell", "/bin/sh", "-K", "SUB_UID_COUNT=65536", USER);
    }

    @AfterAll
    static void removeUser() {
        if (Command.isRoot()) {
            Command.ok("userdel", USER);
        }
    }

    @Test
    void anOrdinaryUserBootstrapsCreatesRunsAndDeletes() throws IOException {
        try (Home home = Home.of(USER)) {
            home.banger("image", "bootstrap").exits(0);
            assertEquals("mine", home.create("mine", "--publish", "22"));
            assertEquals("root", home.banger("vm", "exec", "mine", "id", "-un").text());
            assertEquals("0 0", home.sh("mine", "stat -c '%u %g' /etc/passwd"));
            assertEquals("root shadow 640", home.sh("mine", "stat -c '%U %G %a' /etc/shadow"));
            assertTrue(
                    home.sh("mine", "find / -xdev -perm -4000 -name sudo").contains("sudo"), "set-uid bits are kept");
            home.killDaemon();
            assertEquals("still up", home.sh("mine", "echo still up"));
            HostProcesses.of(home.folder()).forEach(process -> assertEquals(USER, ownerOf(process.pid())));
            freezesAsWell(home);
            importsAsWell(home);
            assertEquals(
                    "mine: deleted\n",
                    home.banger("vm", "delete", "mine").exits(0).out());
        }
    }

    private static void freezesAsWell(Home home) {
        home.banger("vm", "suspend", "mine").exits(0);
        assertEquals("awake", home.sh("mine", "echo awake"));
        home.banger("vm", "fork", "mine", "copy").exits(0);
        assertEquals("copy", home.sh("copy", "hostname"));
        home.banger("image", "warm", "debian").exits(0);
        Outcome created = home.banger("vm", "create", "--name", "restored");
        assertTrue(TemplateTest.restored(created), created.err());
        home.banger("vm", "delete", "copy", "restored").exits(0);
    }

    private static void importsAsWell(Home home) {
        Path archive = ContainerImage.in(home.folder()).rootfsTar();
        home.banger("image", "import", archive.toString(), "--name", "bare").exits(0);
        home.create("bare", "--image", "bare");
        assertEquals("640 0 42", home.sh("bare", "stat -c '%a %u %g' /etc/secret"));
        assertEquals("4755", home.sh("bare", "stat -c %a /bin/setuid"));
        assertEquals("from the image", home.sh("bare", "cat /root/greeting"));
        home.banger("vm", "delete", "bare").exits(0);
    }

    private static String ownerOf(long pid) {
        try {
            return Files.getOwner(Path.of("/proc/" + pid)).getName();
        } catch (IOException e) {
            // It ended meanwhile.
            return USER;
        }
    }
}
