package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The user's logins are in the homes of VMs and nowhere else. */
class CredentialsTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    private static final String SECRET = "b4ng3r-s3cr3t-";
    private static final String OPENCODE = ".local/share/opencode/auth.json";
    private static final String CLAUDE = ".claude/.credentials.json";
    private static final String PI = ".pi/agent/auth.json";

    @BeforeAll
    static void logIn() throws IOException {
        try (InputStream script = CredentialsTest.class.getResourceAsStream("/find-bytes.py")) {
            Files.write(HOME.folder().resolve("find-bytes.py"), script.readAllBytes());
        }
        HOME.configure("[credentials]\npi = false\n");
        write("d/opencode/auth.json", "opencode");
        write(CLAUDE, "claude");
        write(PI, "pi");
    }

    private static void write(String place, String tool) throws IOException {
        Path file = HOME.folder().resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, SECRET + tool);
    }

    @Test
    void loginsReachARestoredVmAndNoTemplateImageOrLog() {
        HOME.banger("image", "warm", "debian").exits(0);
        Outcome created = HOME.banger("vm", "create", "--name", "one");
        assertTrue(TemplateTest.restored(created), created.err());
        for (String place : List.of(OPENCODE, CLAUDE)) {
            assertEquals("600 root", HOME.sh("one", "stat -c '%a %U' /root/" + place));
        }
        assertEquals(SECRET + "opencode", HOME.sh("one", "cat /root/" + OPENCODE));
        assertEquals(SECRET + "claude", HOME.sh("one", "cat /root/" + CLAUDE));
        assertEquals("", HOME.sh("one", "ls -A /root/.pi 2>/dev/null || true"), "it is switched off");
        assertNowhereButInVms();

        HOME.sh("one", "rm -rf /root/.claude; mkdir /opt/elsewhere; ln -s /opt/elsewhere /root/.claude; sync");
        HOME.banger("vm", "restart", "one").exits(0);
        assertEquals("", HOME.sh("one", "ls -A /opt/elsewhere"), "a link leads to the root disk");
        assertEquals(SECRET + "opencode", HOME.sh("one", "cat /root/" + OPENCODE));
        String log = HOME.banger("daemon", "logs").text();
        assertTrue(log.contains("/root/" + CLAUDE + " is not put into vm one"), log);

        HOME.configure("");
        HOME.banger("daemon", "restart").exits(0);
        HOME.banger("vm", "restart", "one").exits(0);
        assertEquals(SECRET + "pi", HOME.sh("one", "cat /root/" + PI));

        HOME.banger("vm", "stop", "one").exits(0);
        HOME.banger("image", "commit", "one", "committed").exits(0);
        assertNowhereButInVms();
        assertNotEquals("", search(HOME.data().resolve("vms")), "the search finds what is there");
        HOME.banger("vm", "delete", "one").exits(0);
    }

    private static void assertNowhereButInVms() {
        for (Path folder : List.of(
                HOME.data(),
                HOME.state(),
                HOME.folder().resolve("h"),
                HOME.folder().resolve("r"))) {
            assertEquals("", search(folder, "vms"));
        }
    }

    /** The files in that folder that hold a login. */
    private static String search(Path folder, String... leftOut) {
        List<String> words = new ArrayList<>(
                List.of("python3", HOME.folder().resolve("find-bytes.py").toString()));
        words.addAll(List.of(SECRET, folder.toString()));
        words.addAll(List.of(leftOut));
        return Command.ok(words.toArray(String[]::new));
    }
}
