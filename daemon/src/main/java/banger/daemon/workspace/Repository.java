package banger.daemon.workspace;

import banger.daemon.os.Command;
import banger.daemon.os.Commands;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository on the host with a work tree. Nothing here writes into it.
 *
 * @param top the folder that holds its work tree
 * @param gitFolder its own git folder: {@code top/.git}, or where that is a file, the folder that it names
 * @param commonFolder the git folder that it shares with its other work trees; else {@code gitFolder}
 * @param commit the id of HEAD's commit, or null where there is none yet
 * @param branch the branch that HEAD names, or null where it is detached
 * @param objectFormat {@code sha1} or {@code sha256}
 */
record Repository(
        Path top,
        Path gitFolder,
        Path commonFolder,
        @Nullable String commit,
        @Nullable String branch,
        String objectFormat) {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final String BRANCHES = "refs/heads/";
    private static final String TOP = "--show-toplevel";
    private static final String ABSOLUTE = "--absolute-git-dir";
    private static final String COMMON = "--git-common-dir";
    private static final String FORMAT = "--show-object-format";
    private static final Pattern OWNED_BY_ANOTHER = Pattern.compile("repository at '(.+)'\n");

    /** The repository that holds the path. @throws Problem INVALID_ARGUMENT where there is none that can be used */
    static Repository at(Path named) {
        Path path = existing(named);
        // One look tells all, unless there is no commit yet or a path has a line feed.
        Commands.Result all =
                run(path, "rev-parse", TOP, ABSOLUTE, COMMON, FORMAT, "HEAD^{commit}", "--symbolic-full-name", "HEAD");
        List<String> found = all.output().lines().toList();
        if (all.status() == 0 && found.size() == 6) {
            return new Repository(
                    Path.of(found.getFirst()),
                    Path.of(found.get(1)),
                    path.resolve(found.get(2)).normalize(),
                    found.get(4),
                    branchOf(found.get(5)),
                    found.get(3));
        }
        return lookedAtInParts(path);
    }

    /** The branch of that full name; null for HEAD itself, which leads to no branch. */
    private static @Nullable String branchOf(String name) {
        return name.startsWith(BRANCHES) ? name.substring(BRANCHES.length()) : null;
    }

    private static Repository lookedAtInParts(Path path) {
        Commands.Result all = run(path, "rev-parse", TOP, ABSOLUTE, COMMON, FORMAT);
        if (all.status() != 0) {
            throw unusable(path, all.errors());
        }
        List<String> found = all.output().lines().toList();
        boolean plain = found.size() == 4;
        Path folder = Path.of(
                plain ? found.getFirst() : line(git(path, "rev-parse", TOP).succeed()));
        String branch = line(run(folder, "symbolic-ref", "-q", "HEAD").output());
        String commit =
                line(run(folder, "rev-parse", "-q", "--verify", "HEAD^{commit}").output());
        return new Repository(
                folder,
                Path.of(
                        plain
                                ? found.get(1)
                                : line(git(folder, "rev-parse", ABSOLUTE).succeed())),
                path.resolve(
                                plain
                                        ? found.get(2)
                                        : line(git(path, "rev-parse", COMMON).succeed()))
                        .normalize(),
                commit.isEmpty() ? null : commit,
                branchOf(branch),
                plain ? found.get(3) : line(git(folder, "rev-parse", FORMAT).succeed()));
    }

    /** The folder without symbolic links, as git tells some paths relative to it. */
    private static Path existing(Path named) {
        try {
            if (Files.isDirectory(named)) {
                return named.toRealPath();
            }
        } catch (IOException e) {
            // As one that is no folder.
        }
        String found = Files.exists(named) ? " is not a folder" : " does not exist";
        throw new Problem(Problem.Kind.INVALID_ARGUMENT, named + found, "name the folder of a git repository");
    }

    private static Problem unusable(Path path, String said) {
        if (said.contains("dubious ownership")) {
            var named = OWNED_BY_ANOTHER.matcher(said);
            String top = named.find() ? named.group(1) : path.toString();
            return new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "the repository at " + top + " belongs to another user, so git does not trust it",
                    "git config --global --add safe.directory '" + top + "', if you do");
        }
        if (said.contains("must be run in a work tree")) {
            return new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    path + " is a bare repository; a workspace needs a work tree",
                    "git worktree add, and name that folder");
        }
        if (said.contains("not a git repository")) {
            return new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    path + " is not in a git repository",
                    "git init, or name another folder");
        }
        return new Problem(
                Problem.Kind.INVALID_ARGUMENT, path + " cannot be used as a git repository: " + said.strip());
    }

    /** Where its objects are, quoted as git wants it where several such folders may stand in one text. */
    String quotedObjects() {
        String path = commonFolder.resolve("objects").toString();
        return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    Path index() {
        return gitFolder.resolve("index");
    }

    int objectIdBytes() {
        return objectFormat.equals("sha256") ? 32 : 20;
    }

    /** Whether it has that commit. */
    boolean knows(String id) {
        return run(top, "cat-file", "-e", id + "^{commit}").status() == 0;
    }

    /** Whether a branch, a tag or HEAD leads to the commit, so that it does not get lost. */
    boolean keeps(String id) {
        if (!knows(id)) {
            return false;
        }
        return id.equals(commit)
                || run(top, "merge-base", "--is-ancestor", id, "HEAD").status() == 0
                || !git(top, "for-each-ref", "--count=1", "--contains", id)
                        .succeed()
                        .isEmpty();
    }

    /** Whether its index names a submodule. */
    boolean hasSubmodules() {
        // The list may be longer than what is kept of a program's output.
        String script = "git -C \"$1\" ls-files --stage | grep -q '^160000 '";
        return Command.of("sh", "-c", script, "sh", top.toString())
                        .with("GIT_OPTIONAL_LOCKS", "0")
                        .within(BOUND)
                        .run()
                        .status()
                == 0;
    }

    /** The value that git's configuration has here, or null. */
    @Nullable
    String setting(String name) {
        Commands.Result found = run(top, "config", "--get", name);
        return found.status() == 0 ? line(found.output()) : null;
    }

    /** Git at its work tree. */
    Command git(String... words) {
        return git(top, words);
    }

    static Command git(Path folder, String... words) {
        var argv = new ArrayList<>(List.of("git", "-C", folder.toString()));
        argv.addAll(List.of(words));
        return Command.of(argv).with("GIT_OPTIONAL_LOCKS", "0").within(BOUND);
    }

    private static Commands.Result run(Path folder, String... words) {
        return git(folder, words).run();
    }

    /** A file's name may hold line feeds, so only the one that git adds goes. */
    private static String line(String output) {
        return output.endsWith("\n") ? output.substring(0, output.length() - 1) : output;
    }
}
