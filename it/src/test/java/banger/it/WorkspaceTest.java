package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host repository in a real VM, and back. Each test has a repository and a folder of the guest of its own. */
@Order(5)
class WorkspaceTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "work";
    private static final String MISE = """
            cat >/usr/local/bin/mise <<'END'
            #!/bin/sh
            if [ "$1" = trust ]; then exit 0; fi
            [ "$1 $2" = 'exec --' ] || exit 99
            shift 2
            MISE=yes exec "$@"
            END
            chmod +x /usr/local/bin/mise
            """;
    private static int count;

    private Project project;
    private Path repository;
    private String place;

    @BeforeAll
    static void createVm() {
        assertEquals(VM, HOME.create(VM));
    }

    @AfterAll
    static void deleteVm() {
        HOME.banger("vm", "delete", "--all").exits(0);
    }

    @BeforeEach
    void makeRepository() {
        count++;
        at(Project.create(HOME, VM, "repo" + count));
    }

    private void at(Project other) {
        project = other;
        repository = other.repository();
        place = other.place();
    }

    private String host(String script) {
        return project.host(script);
    }

    private String guest(String script) {
        return project.guest(script);
    }

    private Outcome prepare(String... options) {
        return project.prepare(options);
    }

    private Outcome git(String... words) {
        return project.git(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shallow", "full", "full_copy"})
    void bothSidesHaveTheSameStatusAndFiles(String mode) {
        String look = "git status --porcelain; git rev-parse HEAD; git ls-files -s; "
                + "find . -path ./.git -prune -o -name ignored -prune -o -type f -printf '%m %p\\n' -exec sha1sum {} + | sort";
        host("echo changed >>one; git mv src/two src/moved; echo new >'a new file'; chmod -x run; echo x >ignored");
        prepare("--mode", mode).exits(0);
        assertEquals(host(look), guest(look));
        assertEquals(mode.equals("full_copy") ? "x" : "", guest("cat ignored 2>/dev/null || true"));
        host("git add .; git commit -q -m second; echo again >>one; rm run");
        prepare("--mode", mode).exits(0);
        assertEquals(host(look), guest(look));
    }

    @Test
    void aCommitOfTheGuestComesBackWithGitAsTheSameCommit() {
        prepare().exits(0);
        String made = guest("echo guest >>one; git commit -q -a -m guest; git rev-parse HEAD");
        git("fetch", "-q", "banger::" + VM, "main").exits(0);
        assertEquals(made, host("git rev-parse FETCH_HEAD"));
        host("echo host >>src/two; git commit -q -a -m host");
        git("push", "-q", "banger::" + VM, "HEAD:topic").exits(0);
        assertEquals(host("git rev-parse HEAD"), guest("git rev-parse topic"));
        git("fetch", "banger::no-such-vm").fails(128, "no-such-vm");
    }

    @Test
    void aStoppedVmIsStartedForGitAndTheWorkspaceSurvives() {
        prepare().exits(0);
        String made = guest("echo guest >>one; git commit -q -a -m guest; git rev-parse HEAD; sync");
        HOME.banger("vm", "stop", VM).exits(0);
        HOME.killDaemon();
        assertEquals(place, HOME.show(VM).at("workspace").at("guestPath").text());
        assertTrue(HOME.banger("ps").text().contains(place + "@" + host("git rev-parse --short=7 HEAD")));
        git("fetch", "-q", "banger::" + VM, "main").exits(0);
        assertEquals(made, host("git rev-parse FETCH_HEAD"));
        assertEquals("running", HOME.vmState(VM));
    }

    @Test
    void workOfTheGuestIsNamedAndComesHome() {
        prepare().exits(0);
        guest("echo guest >>one; git commit -q -a -m 'guest work'; printf 'a\\0b' >binary");
        prepare().fails(1, "guest work", "binary");
        Path patch = HOME.folder().resolve("work" + count + ".patch");
        Outcome exported = HOME.banger("vm", "workspace", "export", VM, "--patch", patch.toString())
                .exits(0);
        assertTrue(exported.out().contains("A binary"), exported.out());
        HOME.banger("vm", "workspace", "export", VM, "--branch", "main").fails(1, "main", "never overwritten");
        HOME.banger("vm", "workspace", "export", VM, "--branch", "topic", "--commit-changes")
                .exits(0);
        host("git am -q " + patch);
        assertEquals(host("git rev-parse 'topic^{tree}'"), host("git rev-parse 'HEAD^{tree}'"));
        prepare("--force").exits(0);
        assertEquals("", guest("git status --porcelain"));
    }

    @Test
    void whatIsStaleIsSaidAndPreparedOnRequest() {
        prepare().exits(0);
        host("echo more >>one; git commit -q -a -m second; echo dirty >dirty");
        Outcome exec = HOME.banger("vm", "exec", VM, "sh", "-c", "pwd; exit 5");
        exec.exits(5);
        assertEquals(place + "\n", exec.out());
        assertTrue(exec.err().contains("1 commit behind") && exec.err().contains("dirty"), exec.err());
        assertEquals(1, exec.err().lines().count(), exec.err());
        HOME.banger("vm", "exec", "--auto-prepare", VM, "test", "-f", "dirty").exits(0);
        assertEquals("", HOME.banger("vm", "exec", VM, "true").exits(0).err());
    }

    @Test
    void codesAndSignalsComeThroughMise() throws IOException {
        prepare().exits(0);
        guest(MISE);
        try {
            Outcome all = HOME.banger("vm", "exec", VM, "sh", "-c", "printf 'a\\0b'; echo $MISE >&2");
            assertEquals("a\0b", all.exits(0).out());
            assertEquals("yes\n", all.err());
            assertEquals(
                    "",
                    HOME.banger("vm", "exec", "--no-mise", VM, "printenv", "MISE")
                            .exits(1)
                            .out());
            for (int code = 0; code < 256; code++) {
                try (Rpc client = Rpc.connect(HOME)) {
                    Rpc.Frame exit = client.execInWorkspace(VM, "sh", "-c", "[ $MISE = yes ] && exit " + code)
                            .finish()
                            .exit();
                    assertFalse(exit.killed());
                    assertEquals(code, exit.exitStatus());
                }
            }
            for (int signal : new int[] {1, 2, 9, 15}) {
                HOME.banger("vm", "exec", VM, "sh", "-c", "kill -" + signal + " $$")
                        .exits(128 + signal);
            }
        } finally {
            HOME.banger("vm", "exec", "--no-mise", VM, "rm", "/usr/local/bin/mise")
                    .exits(0);
        }
    }

    @Test
    void aFullDiskOfTheGuestLeavesTheOldWorkspace() {
        guest0("mkdir -p " + place + "; mount -t tmpfs -o size=8m none " + place);
        String inside = place + "/repo";
        try {
            at(project.at(inside));
            prepare().exits(0);
            host("head -c 20000000 /dev/urandom >large; git add large; git commit -q -m large");
            prepare().fails(1, "full");
            assertEquals("first", guest("git log --format=%s; git status --porcelain"));
            host("git reset -q --hard HEAD~1; echo small >small");
            prepare().exits(0);
            assertEquals("?? small", guest("git status --porcelain"));
        } finally {
            guest0("umount " + Path.of(inside).getParent());
        }
    }

    private static void guest0(String script) {
        HOME.banger("vm", "exec", "-w", "/", VM, "sh", "-euc", script).exits(0);
    }

    @Test
    void aVmThatIsDeletedDuringATransferIsSaid() throws IOException {
        HOME.create("short-lived");
        host("head -c 300000000 /dev/urandom >large");
        try (Command preparing =
                HOME.start("vm", "workspace", "prepare", "--guest-path", place, "short-lived", repository.toString())) {
            preparing.awaitErr("copy: ");
            HOME.banger("vm", "delete", "short-lived").exits(0);
            Outcome outcome = preparing.waitFor();
            assertTrue(outcome.exit() != 0, outcome.err());
            assertTrue(outcome.err().contains("was lost during the transfer"), outcome.err());
        }
        assertFalse(Files.exists(repository.resolve(".git/index.lock")));
    }

    @Test
    void whatCannotBePreparedIsRefused() throws IOException {
        Path plain = Files.createDirectories(HOME.folder().resolve("plain"));
        HOME.banger("vm", "workspace", "prepare", VM, plain.toString()).fails(1, "not in a git repository");
        HOME.banger("vm", "workspace", "prepare", VM, repository.toString(), "--guest-path", "/etc")
                .fails(1, "/etc");
        HOME.banger("vm", "workspace", "prepare", VM, repository.toString(), "--mode", "deep")
                .fails(1, "deep");
        host("git -c protocol.file.allow=always submodule --quiet add \"$0\" module; git commit -q -m module");
        prepare().fails(1, "submodules", "full_copy");
        prepare("--mode", "full_copy").exits(0);
        assertEquals(host("git submodule status"), guest("git submodule status"));
    }
}
