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

/** What a workspace holds after it was prepared, in each mode. */
class PrepareTest {
    @TempDir
    Path folder;

    private Surroundings at;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void theGuestHoldsWhatTheHostHolds(WorkspaceMode mode) {
        at.prepare(mode);
        at.assertSame("clean");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void changesOfEveryKindComeAlong(WorkspaceMode mode) {
        at.onHost("""
                echo changed >>one.txt
                git mv src/two.txt src/renamed.txt
                rm src/deep/three.txt
                echo staged >staged.txt; git add staged.txt; echo more >>staged.txt
                echo untracked >'with space'
                printf x >"$(printf 'line\\nfeed')"
                echo intended >intended; git add -N intended
                chmod -x run.sh
                : >empty
                rm link; ln -s /etc/passwd link
                mkdir ignored; echo x >ignored/x
                """);
        at.prepare(mode);
        at.assertSame("changed");
        assertEquals(mode == WorkspaceMode.FULL_COPY, Files.exists(Path.of(at.guest.path("repo/ignored/x"))));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aSecondPreparationFollowsTheHost(WorkspaceMode mode) {
        at.onHost("echo a >a; echo b >b; mkdir d; echo c >d/c; git add a");
        at.prepare(mode);
        at.onHost("""
                git add .; git commit -q -m second
                rm -r d; echo now a file >d
                rm b; mkdir b; echo in b >b/x
                echo changed >a
                git checkout -q -b other
                """);
        at.prepare(mode);
        at.assertSame("second");
        assertEquals("2\n", at.onHost("git rev-list --count HEAD"));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aHostThatWentBackIsFollowed(WorkspaceMode mode) {
        at.onHost("echo a >a; git add .; git commit -q -m second; echo b >one.txt; git commit -q -a -m third");
        at.prepare(mode);
        at.onHost("git reset -q --hard HEAD~2");
        at.prepare(mode);
        at.assertSame("two commits back");
        at.onHost("git reset -q --hard HEAD@{1}; git commit -q --amend -m other; git switch -q --detach HEAD~1");
        at.prepare(mode);
        at.assertSame("beside it");
        at.inGuest("git fsck --no-dangling");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "sha256"})
    void aFileReplacedByOneOfTheSameSizeAndTimeIsModifiedOnBothSides(String format) {
        at.onHost("rm -rf .git; git init -q -b main --object-format=" + format);
        at.onHost("""
                echo old >file; touch -d 2020-01-01 file; ln -s aaa way; touch -h -d 2020-01-01 way
                git add .; git commit -q -m first
                echo new >other; touch -d 2020-01-01 other; mv other file; ln -s bbb way2; mv way2 way
                touch -h -d 2020-01-01 way
                """);
        assertEquals(" M file\n M way\n", at.onHost("git status --porcelain"));
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("replaced");
    }

    @Test
    void aSecondPreparationSendsOnlyWhatChanged() {
        at.onHost("for i in $(seq 200); do head -c 1000 /dev/urandom >file$i; done; git add .; git commit -q -m many");
        at.prepare(WorkspaceMode.SHALLOW);
        String before = at.inGuest("stat -c '%i %n' file*");
        at.onHost("echo changed >file7");
        at.prepare(WorkspaceMode.SHALLOW);
        String after = at.inGuest("stat -c '%i %n' file*");
        long moved = before.lines().filter(line -> !after.contains(line)).count();
        assertEquals(1, moved, after);
        at.assertSame("one file changed");
    }

    @Test
    void nothingIsWrittenIntoTheHostsRepository() {
        at.onHost("echo x >untracked; echo y >>one.txt; echo s >s; git add s");
        String listing = "find . -printf '%P %s %T@ %i\\n' | sort";
        String before = at.onHost(listing);
        for (WorkspaceMode mode : WorkspaceMode.values()) {
            at.prepare(mode);
        }
        assertEquals(before, at.onHost(listing));
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void filesThatWereOnlyTouchedOnTheHostAreNoWorkOfTheGuest(WorkspaceMode mode) {
        at.onHost("echo dirty >>one.txt; ln -sfn elsewhere link");
        at.prepare(mode);
        at.onHost("touch -h -d 2001-02-03 one.txt link src/two.txt");
        at.prepare(mode);
        at.onHost("echo more >>src/two.txt");
        at.prepare(mode);
        at.assertSame("touched");
        Problem problem = assertThrows(
                Problem.class,
                () -> at.workspaces.exportPatch(at.store.vm(), at.folder.resolve("none.patch"), false, Progress.NONE));
        assertTrue(problem.getMessage().contains("nothing to bring home"), problem.getMessage());
    }

    @Test
    void shallowHasOneCommitAndFullHasAllWithTagsAndBranches() {
        at.onHost("git tag v1; git branch side; echo x >>one.txt; git commit -q -a -m second");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals("1\n", at.inGuest("git rev-list --count HEAD"));
        at.prepare(WorkspaceMode.FULL);
        at.assertSame("full");
        assertEquals("2\n", at.inGuest("git rev-list --count HEAD"));
        assertTrue(at.inGuest("git describe --tags").startsWith("v1-1-g"));
        at.inGuest("git rev-parse -q --verify refs/remotes/host/side; git fsck --no-dangling");
    }

    @Test
    void aWholeRepositoryIsSoundInTheGuest() {
        at.prepare(WorkspaceMode.SHALLOW);
        for (int i = 0; i < 3; i++) {
            at.onHost("echo " + i + " >>one.txt; git commit -q -a -m more; echo s" + i + " >s; git add s");
            at.prepare(WorkspaceMode.SHALLOW);
            at.assertSame("round " + i);
            at.inGuest("git fsck --no-dangling && git gc -q --prune=now && git fsck");
        }
        assertEquals("4\n", at.inGuest("git rev-list --count HEAD"));
    }

    @Test
    void commitsInTheGuestCarryTheUsersName() {
        at.prepare(WorkspaceMode.SHALLOW);
        String made = at.inGuest("unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL\n"
                + "echo x >x; git add x; git commit -q -m x; git log -1 --format='%an <%ae>'");
        assertEquals("Grace Hopper <grace@example.com>\n", made);
    }

    @Test
    void aDetachedHeadStaysDetached() {
        at.onHost("git checkout -q --detach");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("detached");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aLinkedWorkTreeBecomesARepositoryOfItsOwn(WorkspaceMode mode) throws IOException {
        Path linked = at.folder.resolve("linked");
        at.onHost("git worktree add -q -b side ../linked; echo main >>one.txt");
        Shell.run(linked, "echo side >>one.txt; echo new >new; git add new");
        at.prepare(new Workspaces.Request(linked, at.guest.path("repo"), mode, null, null, false));
        String status = Shell.run(linked, "git status --porcelain -b");
        assertEquals(status, at.inGuest("git status --porcelain -b"));
        assertTrue(Files.isDirectory(Path.of(at.guest.path("repo/.git"))));
        at.inGuest("git fsck --no-dangling; git commit -q -m there");
    }

    @Test
    void aConflictIsShownAsOne() {
        at.onHost("""
                git checkout -q -b a; echo a >one.txt; git commit -q -a -m a
                git checkout -q -b b main; echo b >one.txt; git commit -q -a -m b
                git merge a >/dev/null || true
                """);
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals(at.onHost("git status --porcelain"), at.inGuest("git status --porcelain"));
        assertTrue(at.inGuest("git ls-files -u; git diff").contains("++<<<<<<<"));
    }

    @Test
    void anEmptyRepositoryIsCopiedWhole() {
        at.onHost("rm -rf .git; git init -q -b main; echo x >x; git add x");
        at.prepare(WorkspaceMode.FULL_COPY);
        assertEquals(at.onHost("git status --porcelain -b"), at.inGuest("git status --porcelain -b"));
        at.onHost("echo y >y");
        at.prepare(WorkspaceMode.FULL_COPY);
        assertEquals(at.onHost("git status --porcelain -b"), at.inGuest("git status --porcelain -b"));
    }

    @Test
    void submodulesComeWithAWholeCopy() {
        Shell.run(at.folder, "git init -q sub; cd sub; echo s >s; git add s; git commit -q -m s");
        at.onHost("git -c protocol.file.allow=always submodule --quiet add ../sub module; git commit -q -m module");
        at.prepare(WorkspaceMode.FULL_COPY);
        at.assertSame("submodule");
        assertEquals(at.onHost("git submodule status"), at.inGuest("git submodule status"));
        at.inGuest("cd module; git fsck; git status --porcelain");
    }

    @Test
    void borrowedObjectsComeWithAWholeCopy() {
        Shell.run(
                at.folder,
                "git clone -q --shared 'host repo' borrower; cd borrower; echo x >x; git add x; git commit -qm x");
        Path borrower = at.folder.resolve("borrower");
        at.prepare(new Workspaces.Request(borrower, at.guest.path("repo"), WorkspaceMode.FULL_COPY, null, null, false));
        at.inGuest("git fsck --no-dangling; git log --oneline");
        assertFalse(Files.exists(Path.of(at.guest.path("repo/.git/objects/info/alternates"))));
    }

    @Test
    void filesOfAFilterStayAsTheyAreOnTheHost() {
        at.onHost("""
                echo '*.bin filter=lfs' >.gitattributes
                printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:00\\nsize 4\\n' >big.bin
                git add .; git commit -q -m lfs
                """);
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("pointers");
        at.prepare(WorkspaceMode.FULL);
        at.assertSame("pointers");
    }

    @Test
    void lineEndsAreTreatedAsOnTheHost() {
        at.onHost("""
                git config core.autocrlf input
                printf 'a\\r\\nb\\r\\n' >crlf.txt
                git -c core.safecrlf=false add crlf.txt; git commit -q -m crlf
                """);
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("crlf");
    }

    @Test
    void aRepositoryOfSha256Works() {
        at.onHost(
                "rm -rf .git; git init -q -b main --object-format=sha256; git add .; git commit -q -m first; echo x >>one.txt");
        for (WorkspaceMode mode : WorkspaceMode.values()) {
            at.prepare(mode);
            at.assertSame(mode.wireName());
        }
    }

    @Test
    void unchangedFilesAreMarkedSoAndHiddenOnBothSides() {
        at.onHost("git update-index --assume-unchanged one.txt; echo hidden >>one.txt");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("assumed");
        assertTrue(at.inGuest("cat one.txt").contains("hidden"));
    }

    @Test
    void repositoriesInsideComeAlongAndAreNoWorkOfTheGuest() {
        at.onHost("git init -q inner; echo x >inner/x");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals(at.onHost("git status --porcelain"), at.inGuest("git status --porcelain"));
        at.onHost("echo changed >>one.txt");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals(at.onHost("git status --porcelain"), at.inGuest("git status --porcelain"));
    }

    @Test
    void aNewBranchBeginsWhereItIsTold() {
        at.onHost("echo x >>one.txt; git commit -q -a -m second; echo dirty >dirty");
        at.prepare(new Workspaces.Request(
                at.host, at.guest.path("repo"), WorkspaceMode.SHALLOW, "topic", "HEAD~1", false));
        assertEquals("## topic\n", at.inGuest("git status --porcelain -b"));
        assertEquals(at.onHost("git rev-parse HEAD~1"), at.inGuest("git rev-parse HEAD"));
        assertEquals("one\n", at.inGuest("cat one.txt"));
    }

    @Test
    void aNewBranchWithoutABaseTakesTheChangesAlong() {
        at.onHost("echo dirty >dirty");
        at.prepare(new Workspaces.Request(at.host, at.guest.path("repo"), WorkspaceMode.SHALLOW, "topic", null, false));
        assertEquals("## topic\n?? dirty\n", at.inGuest("git status --porcelain -b"));
        at.onHost("git add dirty; git commit -q -m second");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals("## topic\n", at.inGuest("git status --porcelain -b"));
        assertEquals(at.onHost("git rev-parse HEAD"), at.inGuest("git rev-parse HEAD"));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void anOddNameOfTheRepositorysFolderIsNoObstacle(WorkspaceMode mode) {
        String odd = "od:d\n\"na\\me";
        Path host = at.folder.resolve(odd);
        Shell.run(at.folder, Shell.set("to", odd) + "mv 'host repo' \"$to\"");
        for (String change : new String[] {
            "ln -sfn elsewhere link; echo s >s; git add s",
            "echo more >>one.txt; git commit -q -a -m second; ln -sfn elsewhere2 link"
        }) {
            Shell.run(host, change);
            at.prepare(new Workspaces.Request(host, at.guest.path("repo"), mode, null, null, false));
            String state = "git status --porcelain; git rev-parse HEAD; readlink link; git fsck --no-dangling";
            assertEquals(Shell.run(host, state), at.inGuest(state));
        }
        at.inGuest("echo guest >>one.txt");
        at.workspaces.exportBranch(at.store.vm(), "topic", true, false, Progress.NONE);
        assertTrue(Shell.run(host, "git show topic:one.txt").contains("guest"));
    }
}
