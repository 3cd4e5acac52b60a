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
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with what words, and that nothing is lost by it. */
class PrepareRefusalTest {
    private static final String LISTING =
            "find . -path ./.git/index -o -path ./.git/banger -prune -o -printf '%P %s %m\\n' | sort";

    @TempDir
    Path folder;

    private Surroundings at;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
    }

    private Problem refused(Path path, @Nullable String guestPath, WorkspaceMode mode, @Nullable String branch) {
        return assertThrows(
                Problem.class, () -> at.prepare(new Workspaces.Request(path, guestPath, mode, branch, null, false)));
    }

    private Problem refused(Path path) {
        return refused(path, at.guest.path("repo"), WorkspaceMode.SHALLOW, null);
    }

    private void assertSays(String words, Problem problem) {
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    @Test
    void aFolderWithoutARepository() throws IOException {
        assertSays("is not in a git repository", refused(Files.createDirectory(at.folder.resolve("plain"))));
        assertSays("does not exist", refused(at.folder.resolve("nowhere")));
        assertSays("is not a folder", refused(at.host.resolve("one.txt")));
    }

    @Test
    void aBareRepository() {
        Shell.run(at.folder, "git init -q --bare bare");
        assertSays("is a bare repository", refused(at.folder.resolve("bare")));
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void aRepositoryWithoutACommit(WorkspaceMode mode) {
        Shell.run(at.folder, "git init -q empty");
        Problem problem = refused(at.folder.resolve("empty"), at.guest.path("repo"), mode, null);
        assertSays("has no commit yet", problem);
        assertTrue(String.valueOf(problem.hint()).contains("full_copy"));
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void submodulesOutsideFullCopy(WorkspaceMode mode) {
        Shell.run(at.folder, "git init -q sub; cd sub; echo s >s; git add s; git commit -q -m s");
        at.onHost("git -c protocol.file.allow=always submodule --quiet add ../sub module; git commit -q -m module");
        Problem problem = refused(at.host, at.guest.path("repo"), mode, null);
        assertSays("has submodules", problem);
        assertTrue(String.valueOf(problem.hint()).contains("full_copy"));
        assertFalse(Files.exists(Path.of(at.guest.path("repo"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "/", "/root", "/etc", "/root/../etc", "/proc/1/x", "/root/./x", "/a\nb", ""})
    void placesWhereNoWorkspaceMayBe(String guestPath) {
        assertEquals(
                Problem.Kind.INVALID_ARGUMENT,
                refused(at.host, guestPath, WorkspaceMode.SHALLOW, null).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "a..b", "x.lock", "main"})
    void namesThatNoNewBranchCanHave(String branch) {
        Problem problem = refused(at.host, at.guest.path("repo"), WorkspaceMode.SHALLOW, branch);
        assertSays(branch.equals("main") ? "already" : "is no name for a branch", problem);
    }

    @Test
    void aBaseThatIsNoCommit() {
        var request = new Workspaces.Request(
                at.host, at.guest.path("repo"), WorkspaceMode.SHALLOW, "topic", "--output=/tmp/x", false);
        assertSays("has no commit", assertThrows(Problem.class, () -> at.prepare(request)));
    }

    @Test
    void aFolderOfTheGuestThatIsNoWorkspace() {
        Shell.run(Path.of(at.guest.path(".")), "mkdir repo; echo precious >repo/file");
        Problem problem = refused(at.host);
        assertSays("was not prepared by banger and holds files file", problem);
        assertEquals("precious\n", at.inGuest("cat file"));
        at.prepare(WorkspaceMode.SHALLOW, true);
        at.assertSame("forced");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void workOfTheGuestIsNamedAndKeptUnlessForced(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("echo guest >>one.txt; git commit -q -a -m 'guest work'; echo x >new; rm -r src/deep; mkdir run.d");
        at.onHost("echo host >>src/two.txt");
        String before = at.inGuest(LISTING);
        Problem problem = refused(at.host, at.guest.path("repo"), mode, null);
        assertEquals(Problem.Kind.WRONG_STATE, problem.kind());
        assertSays("(guest work)", problem);
        assertSays("new", problem);
        assertSays("src/deep/three.txt", problem);
        assertEquals(before, at.inGuest(LISTING));
        at.prepare(mode, true);
        at.assertSame("forced");
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void aFileInPlaceOfAFolderAndTheOtherWayRoundAreUndone(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("rm -r src; echo file >src; rm one.txt; mkdir one.txt; echo x >one.txt/x");
        refused(at.host, at.guest.path("repo"), mode, null);
        at.prepare(mode, true);
        at.assertSame("forced");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void workThatCameHomeIsNotLost(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("echo guest >>one.txt; git commit -q -a -m 'guest work'");
        at.workspaces.exportBranch(at.store.vm(), "topic", false, false, Progress.NONE);
        at.onHost("git merge -q topic");
        at.prepare(mode);
        at.assertSame("merged");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void changesThatCameHomeAreNotLost(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("echo guest >>one.txt; echo new >new; rm run.sh; ln -sf elsewhere link; rm -r src/deep");
        Path patch = at.folder.resolve("work.patch");
        at.workspaces.exportPatch(at.store.vm(), patch, false, Progress.NONE);
        at.onHost("git apply " + patch);
        at.prepare(mode);
        at.assertSame("applied");
        at.inGuest("echo more >>new; chmod +x one.txt");
        Problem problem = refused(at.host, at.guest.path("repo"), mode, null);
        assertTrue(problem.getMessage().endsWith("files new, one.txt"), problem.getMessage());
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void anotherRepositoryTakesThePlaceOfOneWithoutWork(WorkspaceMode mode) {
        at.prepare(mode);
        Shell.run(at.folder, "git init -q -b main other; cd other; echo x >x; git add .; git commit -q -m other");
        Path other = at.folder.resolve("other");
        at.prepare(new Workspaces.Request(other, at.guest.path("repo"), mode, null, null, false));
        assertEquals("x\n", at.inGuest("ls"));
        at.inGuest("echo work >work; git add .; git commit -q -m work");
        assertSays("(work)", refused(at.host, at.guest.path("repo"), mode, null));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aCommitThatTheHostHasAmendedIsNoWorkOfTheGuest(WorkspaceMode mode) {
        at.prepare(mode);
        at.onHost("echo more >>one.txt; git commit -q -a --amend -m amended");
        at.prepare(mode);
        at.assertSame("amended");
    }

    @Test
    void aPreparationThatWasCutOffWhileItPutThingsInPlaceIsDoneAgain() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("echo host >>one.txt; echo new >new");
        at.inGuest("echo yes >.git/banger/applying; echo host >>one.txt");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("again");
    }

    @Test
    void aChangeOfModeDoesNotDiscardEither() {
        at.prepare(WorkspaceMode.FULL);
        at.inGuest("git checkout -q -b side; echo x >x; git add x; git commit -q -m 'side work'; git checkout -q main");
        assertSays("(side work)", refused(at.host));
        at.prepare(WorkspaceMode.SHALLOW, true);
        at.assertSame("forced");
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void aFullDiskLeavesTheOldWorkspace(WorkspaceMode mode) throws IOException {
        at.prepare(mode);
        at.onHost("head -c 3000000 /dev/urandom >big; echo changed >>one.txt; git add .; git commit -q -m big");
        String before = at.inGuest(LISTING);
        Path tar = at.guest.programs.resolve("tar");
        Files.writeString(tar, """
                #!/bin/sh
                head -c 1000000 >/dev/null
                echo 'tar: big: Cannot write: No space left on device' >&2
                exit 2
                """);
        Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwxr-xr-x"));
        Problem problem = refused(at.host, at.guest.path("repo"), mode, null);
        assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, problem.kind(), problem.getMessage());
        if (mode != WorkspaceMode.FULL) {
            assertEquals(before, at.inGuest(LISTING));
        }
        at.inGuest("git status --porcelain | grep . && exit 1; git fsck --no-dangling");
        Files.delete(tar);
        at.prepare(mode);
        at.assertSame("after there was space again");
        // What was unpacked beside it may still be on its way out.
        Shell.run(
                Path.of(at.guest.path(".")),
                "for i in $(seq 600); do [ \"$(ls -A | grep repo)\" != repo ] || exit 0; sleep 0.1; done; exit 1");
    }

    @Test
    void aWorkspaceThatTheGuestRemovedIsMadeAgain() {
        at.prepare(WorkspaceMode.SHALLOW);
        Shell.run(Path.of(at.guest.path(".")), "rm -rf repo");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("again");
    }

    @Test
    void aSwapThatWasCutOffIsUndone() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("echo precious >work");
        Shell.run(Path.of(at.guest.path(".")), "mv repo .repo.banger-old");
        assertSays("work", refused(at.host));
        assertEquals("precious\n", at.inGuest("cat work"));
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void commitsOnABranchThatIsNotCheckedOutAreKeptWhenTheHostMovesThatBranch(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest("echo w >>one.txt; git commit -q -a -m 'main work'; git checkout -q -b side HEAD~1");
        String before = at.inGuest("git rev-parse main");
        at.onHost("echo host >>src/two.txt; git commit -q -a -m second");
        assertSays("(main work)", refused(at.host, at.guest.path("repo"), mode, null));
        assertEquals(before, at.inGuest("git rev-parse main"));
        at.prepare(mode, true);
        at.assertSame("forced");
    }

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = "FULL_COPY", mode = EnumSource.Mode.EXCLUDE)
    void commitsOnABranchThatTheHostChecksOutAreKept(WorkspaceMode mode) {
        at.prepare(mode);
        at.inGuest(
                "git checkout -q -b topic; echo w >>one.txt; git commit -q -a -m 'topic work'; git checkout -q main");
        at.inGuest("git pack-refs --all");
        at.onHost("git checkout -q -b topic");
        assertSays("(topic work)", refused(at.host, at.guest.path("repo"), mode, null));
        at.inGuest("git merge-base --is-ancestor main~0 topic; ! git merge-base --is-ancestor topic main");
    }

    @Test
    void aBranchThatTheGuestHasBegunAtTheSameCommitIsFollowed() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("git branch topic");
        at.onHost("git checkout -q -b topic; echo host >>one.txt; git commit -q -a -m second");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("topic");
    }

    /** Has the guest's tar, which an archive begins with, do something in a folder first, when the look at it is over. */
    private void meanwhile(String folder, boolean afterALook, String script) throws IOException {
        program("git", """
                /usr/bin/git "$@"; status=$?
                case " $* " in *' ls-files -m '*) : >LOOKED;; esac
                exit $status
                """);
        program("tar", """
                if [ ! -e DONE ]; then
                    : >DONE
                    for i in $(seq 600); do [ ! -e LOOKED ] && [ AFTER = true ] || break; sleep 0.1; done
                    sleep 0.1
                    (mkdir -p 'FOLDER'; cd 'FOLDER'; SCRIPT) >/dev/null
                fi
                exec /usr/bin/tar "$@"
                """.replace("FOLDER", at.guest.path(folder))
                .replace("AFTER", Boolean.toString(afterALook))
                .replace("SCRIPT", script));
    }

    private void program(String name, String text) throws IOException {
        Path file = at.guest.programs.resolve(name);
        String there = text.replace("LOOKED", "'" + at.guest.path("looked") + "'")
                .replace("DONE", "'" + at.guest.path("done") + "'");
        Files.writeString(file, "#!/bin/sh\n" + there);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "echo late >>one.txt, one.txt",
        "echo late >src/new, src/new",
        "echo late >late; touch -d 2001-01-01 late; mv late one.txt, one.txt",
        "git commit -q --allow-empty -m late, (late)",
        "git branch -q -f other HEAD; git checkout -q other; git commit -q --allow-empty -m late, (late)"
    })
    void whatTheGuestDoesWhileAnArchiveComesIsKept(String script, String named) throws IOException {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("echo host >>one.txt; echo new >src/new; git add .; git commit -q -m second");
        meanwhile("repo", true, script);
        assertSays(named, refused(at.host));
        at.inGuest("! git log --format=%s -1 main | grep second");
    }

    @Test
    void whatTheGuestDoesWhileManyFilesComeIsKept() throws IOException {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost(
                "for i in $(seq 300); do echo $i >many$i; done; echo host >>one.txt; git add .; git commit -q -m many");
        meanwhile("repo", true, "echo late >>one.txt");
        assertSays("one.txt", refused(at.host));
        assertEquals("one\nlate\n", at.inGuest("cat one.txt"));
    }

    @Test
    void aChangeThatIsTheHostsOwnMeanwhileIsNoWork() throws IOException {
        at.prepare(WorkspaceMode.SHALLOW);
        at.onHost("echo host >>one.txt; git commit -q -a -m second");
        meanwhile("repo", true, "echo host >>one.txt");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("the same on both sides");
    }

    @Test
    void aPlaceThatIsTakenWhileAnArchiveComesStaysAsItIs() throws IOException {
        meanwhile("repo", false, "echo precious >precious");
        assertSays("precious", refused(at.host));
        assertEquals("precious\n", at.inGuest("cat precious"));
    }

    @Test
    void moreWorkThanCanBeToldIsRefusedAndCanBeForced() {
        at.prepare(WorkspaceMode.SHALLOW);
        at.inGuest("mkdir much; cd much; seq 20001 | xargs touch");
        assertSays("thousands of files, such as much/", refused(at.host));
        at.prepare(WorkspaceMode.SHALLOW, true);
        at.assertSame("forced");
    }

    @Test
    void aHistoryIsNotFetchedForAPlaceThatIsTaken() {
        Shell.run(Path.of(at.guest.path(".")), "mkdir repo; echo precious >repo/file");
        assertSays("holds files file", refused(at.host, at.guest.path("repo"), WorkspaceMode.FULL, null));
        assertFalse(at.guest.started.contains("guest-fetch"), at.guest.started.toString());
        assertEquals("repo\n", Shell.run(Path.of(at.guest.path(".")), "ls -A | grep repo"));
        at.prepare(WorkspaceMode.FULL, true);
        at.assertSame("forced");
    }

    @Test
    void aHistoryIsNotFetchedIntoAnotherPreparationsRepository() {
        at.prepare(WorkspaceMode.FULL);
        at.inGuest("echo other >.git/banger/generation; echo work >work");
        at.onHost("git checkout -q -b fresh; echo host >>one.txt; git commit -q -a -m second");
        assertSays("work", refused(at.host, at.guest.path("repo"), WorkspaceMode.FULL, null));
        at.inGuest("! git rev-parse -q --verify refs/remotes/host/fresh");
    }

    @Test
    void tagsOfTheGuestStayUnlessForced() {
        at.onHost("git tag v1");
        at.prepare(WorkspaceMode.FULL);
        at.inGuest("git tag -f v1 $(git commit-tree HEAD^{tree} -m mine) >/dev/null; git tag own");
        at.onHost("echo host >>one.txt; git commit -q -a -m second; git tag v2");
        at.prepare(WorkspaceMode.FULL);
        assertEquals("mine\n", at.inGuest("git log -1 --format=%s v1"));
        assertEquals(at.onHost("git rev-parse v2"), at.inGuest("git rev-parse v2"));
        at.onHost("echo more >>one.txt; git commit -q -a -m third");
        at.prepare(WorkspaceMode.FULL, true);
        assertEquals(at.onHost("git rev-parse v1"), at.inGuest("git rev-parse v1; git rev-parse own >/dev/null"));
    }
}
