package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code vm run}: a git checkout in a VM of its own. */
class RunTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final Path REPOSITORY = HOME.folder().resolve("project");

    @BeforeAll
    static void makeRepository() throws IOException {
        Files.createDirectories(REPOSITORY.resolve("deep/er"));
        git("init", "-q", "-b", "topic");
        git("config", "user.name", "it");
        git("config", "user.email", "it@example.invalid");
        Files.writeString(REPOSITORY.resolve("kept"), "first\n");
        Files.writeString(REPOSITORY.resolve("deleted"), "gone soon\n");
        Files.writeString(REPOSITORY.resolve("deep/er/ümlaut and space\n"), "odd name\n");
        Files.writeString(REPOSITORY.resolve("run.sh"), "#!/bin/sh\necho ran \"$@\"\n");
        Files.setPosixFilePermissions(REPOSITORY.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(REPOSITORY.resolve("link"), Path.of("kept"));
        Files.writeString(REPOSITORY.resolve(".gitignore"), "ignored\n");
        git("add", "-A");
        git("commit", "-q", "-m", "first");
        Files.writeString(REPOSITORY.resolve("kept"), "modified here\n");
        Files.delete(REPOSITORY.resolve("deleted"));
        Files.writeString(REPOSITORY.resolve("ignored"), "secret\n");
        Files.writeString(REPOSITORY.resolve("untracked"), "not tracked\n");
    }

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    private static String git(String... words) {
        return Command.ok(Stream.concat(Stream.of("git", "-C", REPOSITORY.toString()), Arrays.stream(words))
                .toArray(String[]::new));
    }

    private static Outcome run(String... words) {
        return HOME.banger(
                Stream.concat(Stream.of("vm", "run"), Arrays.stream(words)).toArray(String[]::new));
    }

    @Test
    void theCheckoutIsThereAsItIsHere() {
        Outcome there = run(
                "--name",
                "work",
                REPOSITORY.toString(),
                "--",
                "sh",
                "-c",
                "pwd; git rev-parse HEAD; git branch --show-current; cat kept link; ./run.sh well; git status --porcelain; ls -A");
        List<String> lines = there.exits(0).out().lines().toList();
        assertEquals(
                List.of("/root/repo", git("rev-parse", "HEAD"), "topic", "modified here", "modified here", "ran well"),
                lines.subList(0, 6));
        List<String> rest = lines.subList(6, lines.size());
        List<String> status =
                git("status", "--porcelain").lines().map(String::strip).toList();
        assertEquals(
                status,
                rest.subList(0, status.size()).stream().map(String::strip).toList());
        assertTrue(rest.contains("untracked"), rest::toString);
        assertFalse(rest.contains("ignored"), rest::toString);
        assertEquals(List.of("work"), HOME.names());
        assertEquals("odd name", HOME.sh("work", "cat /root/repo/deep/er/*mlaut*"));
        assertTrue(there.err().contains("banger vm delete work"), there.err());
    }

    @Test
    void itExitsWithTheCommandsCodeAndRmDeletes() {
        run("--rm", REPOSITORY.toString(), "--", "sh", "-c", "exit 7").exits(7);
        assertEquals(List.of(), HOME.names());
        run("--rm", REPOSITORY.toString(), "--", "sh", "-c", "kill -9 $$").exits(137);
        run("--rm", REPOSITORY.toString(), "--", "no-such-command").fails(127, "never ran");
        assertEquals(List.of(), HOME.names());
    }

    @Test
    void aFolderInsideTheCheckoutOrTheCurrentOneWillDo() {
        var inside = HOME.builder(Dist.BUILT.banger(), "vm", "run", "--rm", "--", "cat", "kept");
        inside.directory(REPOSITORY.resolve("deep").toFile());
        assertEquals(
                "modified here",
                Command.start(inside).input(new byte[0]).waitFor().text());
    }

    @Test
    void whatIsNoCheckoutIsRefusedAndNothingIsMade() throws IOException {
        Path plain = Files.createDirectories(HOME.folder().resolve("plain"));
        Outcome refused = run(plain.toString(), "--", "true");
        assertTrue(refused.exit() != 0 && refused.err().contains("plain"), refused.err());
        refused = run("/no/such/folder", "--", "true");
        assertTrue(refused.exit() != 0 && refused.err().contains("/no/such/folder"), refused.err());
        assertEquals(List.of(), HOME.names());
    }

    @Test
    void aVmThatIsThereIsTakenAgainWithANewBranchAndInTheBackground() {
        run("--name", "again", REPOSITORY.toString(), "--", "true").exits(0);
        Outcome branch = run(
                "--name",
                "again",
                "--branch",
                "new",
                "--from",
                "HEAD",
                REPOSITORY.toString(),
                "--",
                "sh",
                "-c",
                "git branch --show-current; git status --porcelain; cat kept");
        assertEquals("new\nfirst", branch.text());
        assertTrue(branch.err().contains("banger vm workspace export again"), branch.err());
        run("--name", "again", "--rm", REPOSITORY.toString(), "--", "true").fails(125, "was there before");
        Outcome detached = run(
                "--name", "again", "--detach", REPOSITORY.toString(), "--", "sh", "-c", "sleep 1; pwd; echo over >&2");
        assertTrue(detached.exits(0).err().contains("/var/log/banger-run.log"), detached.err());
        Wait.until(
                "the command's output",
                () -> HOME.sh("again", "cat /var/log/banger-run.log").equals("/root/repo\nover"));
        assertEquals(List.of("again"), HOME.names());
    }

    @Test
    void itsInputReachesTheCommand() {
        Outcome outcome = HOME.start("vm", "run", "--rm", REPOSITORY.toString(), "--", "cat")
                .input("typed".getBytes())
                .waitFor();
        assertEquals("typed", outcome.text());
    }

    @Test
    void withoutACommandAShellOpensThere() {
        try (Terminal terminal =
                Terminal.run(HOME, 120, 30, Dist.BUILT.banger() + " vm run --rm --name shelly " + REPOSITORY)) {
            terminal.await("shelly").await("repo#").type("pwd; id -un; shopt login_shell", "Enter");
            terminal.await("/root/repo").await("root").type("exit 4", "Enter").await("[exit 4]");
        }
        assertEquals(List.of(), HOME.names());
    }

    @Test
    void anInterruptedRunWithRmLeavesNothing() {
        try (Command client =
                HOME.start("vm", "run", "--rm", "--name", "stopped", REPOSITORY.toString(), "--", "sleep", "1031")) {
            client.awaitErr("restore: ");
            client.signal("INT").waitFor().exits(130);
        }
        assertEquals(List.of(), HOME.names());
    }
}
