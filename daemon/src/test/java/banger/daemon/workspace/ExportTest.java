package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work of a guest comes home, and the host's own is never touched. */
class ExportTest {
    private static final String WORK = """
            echo changed >>one.txt; git commit -q -a -m 'guest: changed'
            printf 'a\\0b\\377' >binary; git mv src/two.txt src/moved.txt; git add .; git commit -q -m 'guest: binary'
            rm src/deep/three.txt; chmod -x run.sh; echo new >'a new file'; ln -sf elsewhere link
            """;

    @TempDir
    Path folder;

    private Surroundings at;
    private Path patch;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
        at.onHost("echo second >>one.txt; git commit -q -a -m second");
        patch = at.folder.resolve("work.patch");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aPatchAppliesWithAm(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest(WORK);
        Workspaces.Exported exported = at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        assertEquals(3, exported.commits().size(), exported.toString());
        assertTrue(exported.files().contains("A\ta new file"), exported.toString());
        at.onHost("git am -q " + patch);
        at.inGuest("git add -A");
        assertEquals(at.inGuest("git write-tree"), at.onHost("git rev-parse HEAD^{tree}"));
        assertEquals("", at.onHost("git status --porcelain"));
    }

    @Test
    void aPatchAppliesWithApplyThreeWay() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest(WORK);
        at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        at.onHost("git apply --3way " + patch + "; git add -A");
        at.inGuest("git add -A");
        assertEquals(at.inGuest("git write-tree"), at.onHost("git write-tree"));
    }

    @Test
    void whatWasChangedOnTheHostAlreadyIsNoWorkOfTheGuest() {
        at.onHost("echo host >>run.sh; echo mine >mine");
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("echo guest >>one.txt");
        Workspaces.Exported exported = at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        assertEquals(java.util.List.of("M\tone.txt"), exported.files());
        at.onHost("git apply " + patch);
        assertTrue(at.onHost("cat one.txt").contains("guest"));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aBranchHoldsTheGuestsOwnCommits(WorkspaceMode mode) {
        at.onHost("echo dirty >>run.sh");
        at.prepare(mode);
        at.inGuest(WORK);
        String before = at.onHost("git status --porcelain -b; git rev-parse HEAD");
        Workspaces.Exported exported = at.workspaces.exportBranch(at.store.vm(), "topic", false, false, Progress.NONE);
        assertEquals(at.inGuest("git rev-parse HEAD"), at.onHost("git rev-parse topic"));
        assertEquals(2, exported.commits().size());
        assertEquals(before, at.onHost("git status --porcelain -b; git rev-parse HEAD"));
        at.onHost("git fsck --no-dangling; [ ! -f .git/shallow ]; git log --oneline topic -- one.txt");
    }

    @Test
    void aBranchTakesUncommittedChangesWhereAsked() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest(WORK);
        String status = at.inGuest("git status --porcelain");
        at.workspaces.exportBranch(at.store.vm(), "topic", true, false, Progress.NONE);
        assertEquals("new\n", at.onHost("git show 'topic:a new file'"));
        assertEquals(status, at.inGuest("git status --porcelain"), "the guest's own state stays");
    }

    @Test
    void aBranchThatExistsIsRefused() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest(WORK);
        String before = at.onHost("git branch topic; git rev-parse topic");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportBranch(at.store.vm(), "topic", false, false, Progress.NONE));
        assertEquals(Problem.Kind.ALREADY_EXISTS, problem.kind());
        assertEquals(before, at.onHost("git rev-parse topic"));
    }

    @Test
    void aFileThatExistsIsRefused() throws IOException {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest(WORK);
        Files.writeString(patch, "mine");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE));
        assertEquals(Problem.Kind.ALREADY_EXISTS, problem.kind());
        assertEquals("mine", Files.readString(patch));
    }

    @Test
    void nothingDoneIsSaidAndNothingIsWritten() {
        at.prepare(WorkspaceMode.SHALLOW);
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE));
        assertTrue(problem.getMessage().contains("nothing to bring home"), problem.getMessage());
        assertFalse(Files.exists(patch));
    }

    @Test
    void mergesBecomeOnePatch() {
        at.prepare(WorkspaceMode.FULL);
        at.inGuest("""
                git checkout -q -b side; echo side >side; git add side; git commit -q -m side
                git checkout -q main; echo main >main; git add main; git commit -q -m main
                git merge -q -m merged side
                """);
        Workspaces.Exported exported = at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        assertTrue(exported.squashed());
        at.onHost("git am -q " + patch);
        assertEquals(at.inGuest("git rev-parse HEAD^{tree}"), at.onHost("git rev-parse HEAD^{tree}"));
    }

    @Test
    void aPatchCanBeMadeWhereTheHostsRepositoryIsGone() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest(WORK);
        Shell.run(at.folder, "mv 'host repo' moved");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportBranch(at.store.vm(), "topic", false, false, Progress.NONE));
        assertTrue(problem.getMessage().contains("is gone"), problem.getMessage());
        at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        Shell.run(at.folder.resolve("moved"), "git am -q " + patch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".git", "a/b"})
    void treesThatLeadOutsideAreRefused(String name) {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("""
                blob=$(echo evil | git hash-object -w --stdin)
                entry() { printf '100644 %s\\0' "$1"; env printf "$(echo "$blob" | sed 's/../\\\\x&/g')"; }
                tree=$(entry 'NAME' | git hash-object -w -t tree --literally --stdin)
                git update-ref HEAD $(git commit-tree $tree -p HEAD -m evil)
                """.replace("NAME", name));
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportBranch(at.store.vm(), "topic", false, false, Progress.NONE));
        assertTrue(problem.getMessage().contains("is refused"), problem.getMessage());
        assertTrue(problem.getMessage().contains("\"" + name + "\""), problem.getMessage());
        at.onHost("! git rev-parse -q --verify topic; git fsck --no-dangling");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../passwd", "deep/../../../passwd"})
    void linksThatLeadOutsideAreRefusedUnlessWanted(String target) {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("ln -s ../one.txt 'src/in ward'; ln -s 'TARGET' 'src/the way'; git add .; git commit -q -m link"
                .replace("TARGET", target));
        // Neither does a later commit hide it.
        at.inGuest("git rm -q 'src/the way'; git commit -q -m gone");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE));
        assertTrue(
                problem.getMessage().contains("\"src/the way\" is a symbolic link to \"" + target + "\""),
                problem.getMessage());
        assertFalse(Files.exists(patch));
        at.workspaces.exportPatch(at.store.vm(), patch, true, Progress.NONE);
        at.onHost("git am -q " + patch + "; cmp 'src/in ward' one.txt");
    }

    @Test
    void linksThatTheHostHasAlreadyMayLeadAnywhere() {
        at.onHost("ln -s /etc/passwd outward; git add .; git commit -q -m outward");
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("echo more >>one.txt; git commit -q -a -m more");
        at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        at.onHost("git am -q " + patch);
    }

    @Test
    void filesWithCarriageReturnsComeHomeByAPlainAm() {
        at.onHost("""
                printf 'a\\r\\nb\\r\\n' >crlf.txt; printf 'a\\r\\nb\\r\\n' >'o"d*[d]?\\\\ .txt'; printf 'a\\n' >plain
                git add .; git commit -q -m crlf
                """);
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("""
                for file in *.txt; do printf 'c\\r\\n' >>"$file"; done; echo more >>plain; git commit -q -a -m more
                printf 'new\\r' >new; sed -i 's/^b/x/' crlf.txt
                """);
        at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        at.onHost("git am -q " + patch);
        at.inGuest("git add -A");
        assertEquals(at.inGuest("git write-tree"), at.onHost("git rev-parse HEAD^{tree}"));
        assertTrue(at.onHost("cat " + patch).contains("\n+more\n"), "other files stay readable");
    }

    @Test
    void repositoriesMadeInsideTheGuestsAreNamedAsLeftOut() {
        at.onHost("git init -q known; echo x >known/x");
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("git init -q made; echo x >made/x");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE));
        assertTrue(problem.getMessage().endsWith("repositories of their own: made/"), problem.getMessage());
        at.inGuest("echo more >>one.txt");
        Workspaces.Exported exported = at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        assertEquals(java.util.List.of("made/"), exported.leftOut());
    }

    @Test
    void aGuestThatWasTakenBackToAnotherPreparationIsRefused() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("cp -a . ../before");
        at.onHost("echo third >>one.txt; git commit -q -a -m third");
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("cd ..; rm -rf repo; mv before repo; cd repo; echo work >work");
        Problem problem = assertThrows(
                Problem.class, () -> at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE));
        assertTrue(problem.getMessage().contains("is not what was prepared there last"), problem.getMessage());
        assertFalse(Files.exists(patch));
    }
}
