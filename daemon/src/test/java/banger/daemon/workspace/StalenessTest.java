package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said about a workspace that the host's repository has left behind. */
class StalenessTest {
    @TempDir
    Path folder;

    private Surroundings at;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
    }

    private String notice() {
        Workspaces.Notice notice = at.workspaces.notice(at.store.vm());
        return notice == null ? "null" : notice.text();
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void whatWasJustPreparedIsNotStale(WorkspaceMode mode) {
        at.onHost(
                "echo changed >>one.txt; git mv src/two.txt moved; echo new >new; rm src/deep/three.txt; git init -q inner");
        at.prepare(mode);
        assertNull(at.workspaces.notice(at.store.vm()));
    }

    @Test
    void aVmWithoutAWorkspaceHasNoNotice() {
        assertNull(at.workspaces.notice(at.store.vm()));
    }

    @Test
    void newCommitsAreCounted() {
        at.prepare(WorkspaceMode.SHALLOW);
        String prepared = at.onHost("git rev-parse --short=12 HEAD").strip();
        at.onHost("echo a >>one.txt; git commit -q -a -m a; echo b >>one.txt; git commit -q -a -m b");
        String head = at.onHost("git rev-parse --short=12 HEAD").strip();
        String notice = notice();
        assertTrue(
                notice.contains("prepared at " + prepared + ", the host's HEAD is " + head + " (2 commits behind)"),
                notice);
        assertEquals(1, notice.lines().count());
    }

    @Test
    void aBranchThatWentAnotherWayIsTold() {
        at.onHost("echo a >>one.txt; git commit -q -a -m a");
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("git reset -q --hard HEAD~1; echo b >>one.txt; git commit -q -a -m b");
        assertTrue(notice().contains("(1 commit behind, 1 that HEAD does not have)"), notice());
    }

    @Test
    void aHostWhoseChangesAreCommittedIsBehindAndNotDirty() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("echo more >>one.txt; echo new >new; git add -A; git commit -q -m more");
        assertTrue(notice().contains("(1 commit behind)") && !notice().contains("dirty"), notice());
        at.onHost("echo staged >staged; git add staged; echo again >>one.txt");
        assertTrue(notice().contains("host tree dirty (2 files differ)"), notice());
    }

    @Test
    void filesThatDifferSinceAreCountedAndOthersAreNot() {
        at.onHost("echo dirty >>one.txt; echo untracked >u");
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("echo again >>one.txt; echo new >new; rm src/two.txt");
        assertTrue(notice().contains("host tree dirty (3 files differ)"), notice());
        assertTrue(at.workspaces.notice(at.store.vm()).stale());
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals("null", notice());
    }

    @Test
    void aRepositoryThatIsGoneIsSaid() {
        at.prepare(WorkspaceMode.SHALLOW);
        Shell.run(at.folder, "mv 'host repo' moved");
        assertTrue(notice().endsWith("host repo is gone"), notice());
        assertFalse(at.workspaces.notice(at.store.vm()).stale());
        Shell.run(at.folder, "mkdir 'host repo'");
        assertTrue(notice().contains("cannot be looked at"), notice());
    }

    @Test
    void lookingWritesNothing() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("touch one.txt");
        String before = at.onHost("find .git -printf '%P %T@\\n' | sort");
        notice();
        assertEquals(before, at.onHost("find .git -printf '%P %T@\\n' | sort"));
    }

    @Test
    void manyFilesAreCountedToTheLast() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("for i in $(seq 300); do echo $i >a-name-that-is-longer-than-most-names-of-files-are-$i; done");
        assertTrue(notice().contains("host tree dirty (300 files differ)"), notice());
    }

    @Test
    void aRepositoryThatIsGoneIsSaidOfAWorkspaceApartToo() {
        at.prepare(
                new Workspaces.Request(at.host, at.guest.path("repo"), WorkspaceMode.SHALLOW, "topic", "HEAD", false));
        assertEquals("null", notice());
        Shell.run(at.folder, "mv 'host repo' moved");
        assertTrue(notice().endsWith("host repo is gone"), notice());
    }
}
