package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that git ignores in the guest: they stay, or a prepare refuses and names them. */
class IgnoredFilesTest {
    private static final String FILES =
            "find . -path ./.git -prune -o -printf '%P %s %m %l\\n' | sort; git log --oneline";

    @TempDir
    Path folder;

    private Surroundings at;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
    }

    /** A prepare in that mode refuses, names those files, and leaves the guest as it is. */
    private void assertRefusedFor(String files, WorkspaceMode mode) {
        String before = at.inGuest(FILES);
        Problem problem = assertThrows(Problem.class, () -> at.prepare(mode));
        String message = problem.getMessage();
        assertEquals(Problem.Kind.WRONG_STATE, problem.kind());
        assertTrue(
                message.contains("would overwrite what git ignores in") && message.endsWith(": files " + files),
                message);
        assertEquals(before, at.inGuest(FILES));
    }

    @Test
    void ignoredFilesMadeInTheGuestStay() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("mkdir ignored; echo built >ignored/output");
        at.onHost("echo changed >one.txt; git commit -q -a -m second");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("second");
        assertEquals("built\n", at.inGuest("cat ignored/output"));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void whatGitIgnoresInTheGuestIsNamedAndKeptWhereTheHostHasItAnew(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("mkdir ignored; echo key >ignored/key; echo same >ignored/same; echo other >ignored/other");
        at.onHost(
                "mkdir ignored; echo theirs >ignored/key; echo same >ignored/same; git add -f ignored; git commit -qm i");
        assertRefusedFor("ignored/key", mode);
        at.prepare(mode, true);
        assertEquals("theirs\nother\n", at.inGuest("cat ignored/key ignored/other"));
        assertEquals("", at.inGuest("git status --porcelain"));
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void aFileThatGitIgnoresInPlaceOfAFolderAndTheOtherWayRoundIsKeptUnlessForced(WorkspaceMode mode) {
        at.onHost("printf 'ignored\\n*.out\\n' >.gitignore; git commit -qam ignore");
        at.prepare(mode);
        at.inGuest("echo key >ignored; mkdir -p build.out/deep; echo built >build.out/deep/file; ln -s src link.out");
        at.onHost(
                "mkdir ignored link.out; echo x >ignored/x; echo y >build.out; echo z >link.out/z; git add -f .; git commit -qm i");
        assertRefusedFor("build.out/deep/file, ignored, link.out", mode);
        at.prepare(mode, true);
        assertEquals("x\ny\nz\n", at.inGuest("cat ignored/x build.out link.out/z"));
        assertEquals("two\n", at.inGuest("cat src/two.txt"));
    }

    @Test
    void whatGitIgnoresInTheGuestStaysWhenAllIsSentAnew() {
        at.prepare(WorkspaceMode.FULL);
        at.inGuest("mkdir -p ignored/deep src/ignored; echo key >ignored/deep/key; echo own >src/ignored/own");
        at.onHost("mkdir -p ignored/deep; echo theirs >ignored/deep/theirs");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals("key\nown\n", at.inGuest("cat ignored/deep/key src/ignored/own"));
        at.prepare(WorkspaceMode.FULL_COPY);
        assertEquals("key\nown\ntheirs\n", at.inGuest("cat ignored/deep/key src/ignored/own ignored/deep/theirs"));
        at.onHost("echo theirs >ignored/deep/key; git add -f ignored; git commit -qm i");
        assertRefusedFor("ignored/deep/key", WorkspaceMode.SHALLOW);
        at.prepare(WorkspaceMode.SHALLOW, true);
        assertEquals("theirs\nown\n", at.inGuest("cat ignored/deep/key src/ignored/own"));
    }

    @Test
    void whatTheNewWorkspaceHasNoPlaceForIsNamedAndKept() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("mkdir ignored; echo key >ignored/key; echo more >ignored/more");
        at.onHost("echo theirs >ignored");
        assertRefusedFor("ignored/key, ignored/more", WorkspaceMode.FULL_COPY);
        at.prepare(WorkspaceMode.FULL_COPY, true);
        assertEquals("theirs\n", at.inGuest("cat ignored"));
    }
}
