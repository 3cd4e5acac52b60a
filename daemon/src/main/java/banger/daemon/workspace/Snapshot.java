package banger.daemon.workspace;

import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A repository at one moment: copies of its index and lists of its files in a scratch folder.
 *
 * @param workTree where the files are: the repository's own work tree, or a commit checked out aside
 * @param commit the commit that the guest's HEAD will be
 * @param folder holds {@code index}, {@code tree} and {@code staged}, as host-snapshot.sh describes them
 * @param tree the files of the work tree
 * @param nested folders in it that are repositories of their own, not known to this one
 */
record Snapshot(
        Repository repository,
        Path workTree,
        @Nullable String commit,
        Path folder,
        GitIndex tree,
        List<String> nested) {
    private static final Duration BOUND = Duration.ofMinutes(30);

    /** The work tree as it is now. */
    static Snapshot take(Repository repository, Path scratch) {
        String head = repository.commit() == null ? "" : repository.commit();
        Script script = Script.HOST_SNAPSHOT;
        Command.of(script.argv(List.of(
                        repository.top().toString(),
                        repository.gitFolder().toString(),
                        scratch.toString(),
                        head,
                        repository.index().toString(),
                        repository.quotedObjects())))
                .named("git")
                .within(BOUND)
                .succeed();
        try {
            GitIndex tree = GitIndex.read(scratch.resolve("tree"), repository.objectIdBytes());
            UnseenChanges.mark(scratch.resolve("index"), tree, repository.objectIdBytes());
            List<String> nested = names(Files.readAllBytes(scratch.resolve("nested")));
            return new Snapshot(repository, repository.top(), repository.commit(), scratch, tree, nested);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot read what git wrote: " + e.getMessage(), null, e);
        }
    }

    /** A commit, without anything that the work tree has besides. */
    static Snapshot ofCommit(Repository repository, String commitish, Path scratch) {
        String commit = commit(repository, commitish);
        try {
            Path workTree = Files.createDirectory(scratch.resolve("checkout"));
            Path index = scratch.resolve("index");
            // Contents that a filter would fetch from elsewhere stay the pointers that the commit holds.
            repository
                    .git(
                            "--work-tree=" + workTree,
                            "-c",
                            "core.sparseCheckout=false",
                            "-c",
                            "core.fsmonitor=false",
                            "-c",
                            "index.version=2",
                            "-c",
                            "filter.lfs.process=",
                            "-c",
                            "filter.lfs.smudge=",
                            "-c",
                            "filter.lfs.required=false",
                            "read-tree",
                            "--reset",
                            "-u",
                            commit)
                    .with("GIT_DIR", repository.gitFolder().toString())
                    .with("GIT_INDEX_FILE", index.toString())
                    .within(BOUND)
                    .succeed();
            Files.copy(index, scratch.resolve("tree"));
            Files.createFile(scratch.resolve("staged"));
            GitIndex tree = GitIndex.read(index, repository.objectIdBytes());
            return new Snapshot(repository, workTree, commit, scratch, tree, List.of());
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot check out " + commitish + ": " + e.getMessage(), null, e);
        }
    }

    /** The id of a commit that a person has named. @throws Problem where there is no such commit */
    static String commit(Repository repository, String commitish) {
        var found = repository
                .git("rev-parse", "-q", "--verify", "--end-of-options", commitish + "^{commit}")
                .run();
        if (found.status() != 0) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    repository.top() + " has no commit \"" + commitish + "\"",
                    "git -C " + repository.top() + " branch --all");
        }
        return found.output().strip();
    }

    /** Looks for files modified since: {@code names} lists them then. False where it cannot be modified at all. */
    boolean takeInChanges() {
        if (!workTree.equals(repository.top())) {
            return false;
        }
        Command.of(Script.HOST_AGAIN.argv(List.of(
                        workTree.toString(),
                        repository.gitFolder().toString(),
                        folder.toString(),
                        repository.quotedObjects())))
                .named("git")
                .within(BOUND)
                .succeed();
        return true;
    }

    /** Those of {@link #nested} that a preparation has kept in that folder; none where it has kept nothing. */
    static Set<String> nestedIn(Path kept) {
        try {
            return Set.copyOf(names(Files.readAllBytes(kept.resolve("nested"))));
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** Names that each end with a NUL. */
    static List<String> names(byte[] text) {
        var names = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                names.add(new String(text, start, i - start, StandardCharsets.ISO_8859_1));
                start = i + 1;
            }
        }
        return names;
    }
}
