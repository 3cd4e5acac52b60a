package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a workspace in a real VM refuses, and that nothing is lost or half made then. */
class WorkspaceRefusalTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "strict";

    @BeforeAll
    static void createVm() {
        HOME.create(VM, "--network", "none");
    }

    @Test
    void aRepositoryWithoutACommitIsCopiedWholeOnly() {
        Project empty = Project.empty(HOME, VM, "empty");
        empty.host("echo one >one; git add one; echo two >two");
        empty.prepare().fails(1, "has no commit yet", "--mode full_copy");
        empty.prepare("--mode", "full_copy").exits(0);
        assertEquals(empty.host("git status --porcelain --branch"), empty.guest("git status --porcelain --branch"));
    }

    @Test
    void aRepositoryOfAnotherUserIsNotTrusted() {
        Project theirs = Project.create(HOME, VM, "theirs");
        String repository = theirs.repository().toString();
        Command.okAsRoot("chown", "-R", "1:1", repository);
        theirs.prepare().fails(1, "belongs to another user", "safe.directory");
        Command.okAsRoot("chown", "-R", "0:0", repository);
    }

    @Test
    void aTransferThatAKillCutsOffLeavesTheOldWorkspace() {
        Project project = Project.create(HOME, VM, "cut");
        project.prepare().exits(0);
        HOME.sh(VM, "sync");
        project.host("head -c 300000000 /dev/urandom >large; echo more >>one");
        try (Command preparing = project.startPrepare()) {
            preparing.awaitErr("copy: ");
            HOME.banger("vm", "kill", VM).exits(0);
            preparing.waitFor().fails(1, "was lost during the transfer");
        }
        project.prepare().failsInALine(1, VM + " is stopped", "banger vm start " + VM);
        project.host("rm large");
        HOME.banger("vm", "start", VM).exits(0);
        assertEquals("one", project.guest("git status --porcelain; cat one"));
        project.prepare().exits(0);
        assertEquals("M one", project.guest("git status --porcelain"));
        assertEquals("", HOME.sh(VM, "ls -A /root | grep banger-old || true"));
    }

    @Test
    void whatNoRepositoryMayHoldDoesNotComeHome() {
        Project project = Project.create(HOME, VM, "evil");
        project.prepare().exits(0);
        project.guest("""
                blob=$(echo evil | git hash-object -w --stdin)
                entry() { printf '100644 ..\\0'; env printf "$(echo $blob | sed 's/../\\\\x&/g')"; }
                tree=$(entry | git hash-object -w -t tree --literally --stdin)
                git update-ref HEAD $(git commit-tree $tree -p HEAD -m evil)
                """);
        project.export("--branch", "topic").fails(1, "is refused", "'..'");
        Path patch = HOME.folder().resolve("evil.patch");
        project.export("--patch", patch.toString()).fails(1, "is refused", "'..'");
        assertFalse(Files.exists(patch));
        assertEquals("main", project.host("git fsck --no-dangling; git branch --format='%(refname:short)'"));
    }

    @Test
    void aLinkThatLeadsOutOfTheRepositoryDoesNotComeHomeUnlessWanted() {
        Project project = Project.create(HOME, VM, "outward");
        project.prepare().exits(0);
        project.guest("ln -s /etc/passwd 'way out'");
        Path patch = HOME.folder().resolve("outward.patch");
        project.export("--patch", patch.toString()).fails(1, "way out", "/etc/passwd", "is refused", "--keep-links");
        project.export("--branch", "topic", "--commit-changes").fails(1, "way out", "/etc/passwd", "--keep-links");
        assertFalse(Files.exists(patch));
        project.export("--patch", patch.toString(), "--keep-links").exits(0);
        assertEquals("/etc/passwd", project.host("git am -q " + patch + "; readlink 'way out'"));
    }

    @Test
    void aFileWithoutAnEndIsNotReadForAnExport() {
        Project project = Project.create(HOME, VM, "endless");
        project.prepare().exits(0);
        project.guest("truncate -s 10T endless");
        Path patch = HOME.folder().resolve("endless.patch");
        project.export("--patch", patch.toString()).fails(1, "the file endless has more than 4 GiB");
        assertFalse(Files.exists(patch));
    }

    @Test
    void aRunRefusesBeforeItMakesAVm() throws IOException {
        Project project = Project.create(HOME, VM, "run");
        String path = project.repository().toString();
        HOME.banger("vm", "run", path, "--branch", "main", "--", "true").fails(125, "has a branch main already");
        HOME.banger("vm", "run", path, "--branch", "new", "--from", "none", "--", "true")
                .fails(125, "has no commit \"none\"");
        HOME.banger("vm", "run", path, "--mode", "deep", "--", "true").fails(125, "deep");
        Project empty = Project.empty(HOME, VM, "run-empty");
        HOME.banger("vm", "run", empty.repository().toString(), "--", "true").fails(125, "has no commit yet");
        project.host("git -c protocol.file.allow=always submodule --quiet add \"$0\" module; git commit -q -m module");
        HOME.banger("vm", "run", path, "--", "true").fails(125, "has submodules", "full_copy");
        assertEquals(List.of(VM), HOME.names());
    }
}
