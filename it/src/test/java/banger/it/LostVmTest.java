package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A VM that is stopped, killed or deleted while something is on its way: it is said, and nothing is half there. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostVmTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "lost";
    private static Project project;

    @BeforeAll
    static void createVm() {
        HOME.create(VM, "--network", "none");
        project = Project.create(HOME, VM, "lost");
        project.prepare().exits(0);
        // Git in the guest has to compress it, which takes long enough.
        project.guest(
                "head -c 40000000 /dev/urandom >large; git -c core.compression=0 add large; git commit -q -m large;"
                        + " sync");
    }

    @Test
    @Order(1)
    void aCopyIntoAVmThatIsStopped() {
        project.host("head -c 400000000 /dev/zero >../zeros");
        try (Command copy = HOME.start("vm", "cp", "zeros", VM + ":/srv/zeros")) {
            copy.awaitErr("copying ");
            HOME.banger("vm", "stop", VM).exits(0);
            copy.waitFor().fails(1, VM + " was stopped or deleted");
        }
        HOME.banger("vm", "start", VM).exits(0);
        assertEquals("", HOME.sh(VM, "ls -d /srv/zeros 2>/dev/null || true"));
    }

    @Test
    @Order(2)
    void anExportFromAVmThatIsKilled() throws IOException {
        try (Command export = HOME.start("vm", "workspace", "export", VM, "--branch", "topic")) {
            export.awaitErr("fetch: ");
            HOME.banger("vm", "kill", VM).exits(0);
            export.waitFor().fails(1, VM + " was lost during the transfer");
        }
        assertNothingCame();
        HOME.banger("vm", "start", VM).exits(0);
        assertTrue(project.guest("git log --format=%s").startsWith("large"));
    }

    @Test
    @Order(3)
    void aFetchFromAVmThatIsDeleted() throws IOException {
        var git = HOME.builder(Path.of("git"), "fetch", "--progress", "banger::" + VM, "main:topic");
        git.environment().merge("PATH", "", (path, none) -> Dist.BUILT.banger().getParent() + ":" + path);
        git.directory(project.repository().toFile());
        try (Command fetch = Command.start(git)) {
            fetch.awaitErr("objects: ");
            HOME.banger("vm", "delete", VM).exits(0);
            fetch.waitFor().fails(128, "the stream to " + VM + " broke");
        }
        assertNothingCame();
    }

    private static void assertNothingCame() throws IOException {
        assertEquals("main", project.host("git fsck --no-dangling; git branch --format='%(refname:short)'"));
        assertFalse(Files.exists(project.repository().resolve("large")));
        try (Stream<Path> scratch = Files.list(HOME.data().resolve("tmp"))) {
            assertEquals(0, scratch.count());
        }
    }
}
