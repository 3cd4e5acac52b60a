package banger.daemon.workspace;

import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guest's work in a scratch repository on the host: checked, and not yet anywhere else.
 *
 * @param commit the commit that the workspace was prepared at, or null
 * @param leftOut repositories that were made inside the guest's, of which nothing is here
 */
record Quarantine(Path folder, String guest, @Nullable String commit, List<String> leftOut) {
    private static final String EXPORT = "refs/banger/export";
    private static final int MAX_LISTED = 1000;

    /** Git in it, without the user's configuration. */
    Command git(String... words) {
        return Repository.git(folder, words)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .with("GIT_CONFIG_NOSYSTEM", "1");
    }

    String exported() {
        return git("rev-parse", EXPORT).succeed().strip();
    }

    /** The commit that the work began at, where it is known here. */
    @Nullable
    String base() {
        return commit != null
                        && git("cat-file", "-e", commit + "^{commit}").run().status() == 0
                ? commit
                : null;
    }

    /** The commits made in the guest, the latest first: each its short id, a space, its subject. */
    List<String> commits() {
        String base = base();
        return lines(
                git("log", "--max-count=" + MAX_LISTED, "--format=%h %s", EXPORT, base == null ? "--" : "^" + base));
    }

    /** The files that differ: each a letter as git's {@code --name-status} has it, a tab, its path. */
    List<String> files() {
        String base = base();
        return base == null
                ? lines(git("ls-tree", "-r", "--name-only", EXPORT)).stream()
                        .map(name -> "A\t" + name)
                        .toList()
                : lines(git("diff", "--name-status", base, EXPORT));
    }

    /** The symbolic links that the work adds or changes. */
    GuestLinks links() {
        return new GuestLinks(folder, guest);
    }

    private static List<String> lines(Command command) {
        return command.succeed()
                .lines()
                .limit(MAX_LISTED)
                // A tab stands between the fields; anything else that a terminal would obey does not get there.
                .map(line -> String.join(
                        "\t",
                        java.util.Arrays.stream(line.split("\t"))
                                .map(field -> GuestWork.readable(latin1(field)))
                                .toList()))
                .toList();
    }

    private static String latin1(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Whether there is a chain of single commits from the base, which mails can carry one by one. */
    boolean isLinear() {
        String base = base();
        return base != null
                && git("merge-base", "--is-ancestor", base, EXPORT).run().status() == 0
                && git("rev-list", "--merges", "--max-count=1", EXPORT, "^" + base)
                        .succeed()
                        .isEmpty();
    }

    /** Writes the work as mails for {@code git am}; the file must not exist. @return whether commits became one */
    boolean writePatch(Path file) {
        boolean linear = isLinear();
        var argv = new ArrayList<>(List.of("env", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1"));
        argv.addAll(List.of(
                "git",
                "-C",
                folder.toString(),
                "format-patch",
                "--stdout",
                "--binary",
                "--full-index",
                "--no-ext-diff",
                "--no-textconv",
                "--no-renames",
                "--no-signature"));
        List<String> commits = linear ? List.of(base() + ".." + EXPORT) : List.of("-1", squashed());
        argv.addAll(commits);
        Path made = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            CarriageReturns.keep(folder, commits);
            try (OutputStream out = Files.newOutputStream(made, java.nio.file.StandardOpenOption.CREATE_NEW)) {
                HostStream.copy(argv, out, count -> {}, 0, "writing " + file);
            }
            // A link, unlike a rename, never takes the place of a file that is there.
            Files.createLink(file, made);
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "writing " + file);
        } finally {
            deleteQuietly(made);
        }
        return !linear;
    }

    static Problem exists(Path file) {
        return new Problem(
                Problem.Kind.ALREADY_EXISTS, file + " exists already, and is never overwritten", "choose another name");
    }

    private static void deleteQuietly(Path made) {
        try {
            Files.deleteIfExists(made);
        } catch (IOException e) {
            // What is left is a second name of a file that is whole.
        }
    }

    /** One commit with all of the work, on the base or on nothing. */
    private String squashed() {
        String base = base();
        var words = new ArrayList<>(List.of("commit-tree", EXPORT + "^{tree}", "-m", "Work of " + guest));
        if (base != null) {
            words.addAll(List.of("-p", base));
        }
        return git(words.toArray(String[]::new))
                .with("GIT_AUTHOR_NAME", "banger")
                .with("GIT_AUTHOR_EMAIL", "banger@localhost")
                .with("GIT_COMMITTER_NAME", "banger")
                .with("GIT_COMMITTER_EMAIL", "banger@localhost")
                .succeed()
                .strip();
    }

    /** Makes the work a new branch of the host's repository, whose other branches and files stay as they are. */
    void createBranch(Repository repository, String branch) {
        repository
                .git(
                        "-c",
                        "gc.auto=0",
                        "-c",
                        "maintenance.auto=false",
                        "-c",
                        "fetch.writeCommitGraph=false",
                        "fetch",
                        "-q",
                        "--no-tags",
                        "--no-write-fetch-head",
                        "--no-recurse-submodules",
                        "--refmap=",
                        "--upload-pack=git upload-pack",
                        folder.toString(),
                        EXPORT)
                .succeed();
        String commit = exported();
        // All zeros: only where there is no such branch, also if somebody made one in the meantime.
        var made = repository
                .git(
                        "update-ref",
                        "-m",
                        "banger: exported from " + guest,
                        "refs/heads/" + branch,
                        commit,
                        "0".repeat(commit.length()))
                .run();
        if (made.status() != 0) {
            NewBranch.check(repository, branch);
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the branch " + branch + " cannot be made: " + made.errors().strip());
        }
    }
}
