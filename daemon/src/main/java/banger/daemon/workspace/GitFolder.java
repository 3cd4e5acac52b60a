package banger.daemon.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of a guest repository's {@code .git} that the host writes, laid out in a scratch folder to be sent. */
final class GitFolder {
    private static final int MAX_TOUCHING = 200;

    private final Snapshot snapshot;
    private final @Nullable String branch;
    private final String generation;
    private final Path git;

    /** @param branch the branch that HEAD is to name, or null to be detached */
    GitFolder(Snapshot snapshot, @Nullable String branch, String generation) throws IOException {
        this.snapshot = snapshot;
        this.branch = branch;
        this.generation = generation;
        git = snapshot.folder().resolve("send/.git");
        Files.createDirectories(git.resolve("banger"));
    }

    /** What a place needs that has no repository yet. */
    void create() throws IOException {
        for (String each : List.of("objects", "refs", "info")) {
            Files.createDirectories(git.resolve(each));
        }
        new GuestConfig(snapshot.repository()).write(git.resolve("config"));
        Path excluded = snapshot.repository().commonFolder().resolve("info/exclude");
        if (Files.isRegularFile(excluded)) {
            Files.copy(excluded, git.resolve("info/exclude"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** For a workspace that is there. */
    Path update(TreeDelta delta) throws IOException {
        Archive.writeNames(git.resolve("banger/added"), delta.added());
        Archive.writeNames(git.resolve("banger/deleted"), delta.deleted());
        Archive.writeNames(git.resolve("banger/emptied"), delta.emptied());
        return state();
    }

    /**
     * Names what an update touches and the folders that this is in, each on a line, where that is little: what the guest
     * may have changed in the last moment is found there without a look at everything.
     */
    void touching(TreeDelta delta) throws IOException {
        var names = new TreeSet<String>();
        Stream.concat(delta.changed().stream().map(GitIndex.Entry::path), delta.deleted().stream())
                .forEach(path -> {
                    names.add("./" + path);
                    names.add("./" + path.substring(0, Math.max(0, path.lastIndexOf('/'))));
                });
        if (names.size() <= MAX_TOUCHING && names.stream().noneMatch(name -> name.contains("\n"))) {
            Files.write(git.resolve("banger/touching"), names, StandardCharsets.ISO_8859_1);
        }
    }

    /** The index as the snapshot has it, and what the next preparation looks at. */
    Path state() throws IOException {
        // With their times: git compares them with the files' to see which may have changed in the same second.
        StandardCopyOption[] whole = {StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING};
        Files.copy(snapshot.folder().resolve("index"), git.resolve("index"), whole);
        return bookkeeping();
    }

    /** What the next preparation and an export look at. */
    Path bookkeeping() throws IOException {
        StandardCopyOption[] whole = {StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING};
        Files.copy(snapshot.folder().resolve("tree"), git.resolve("banger/index"), whole);
        write("banger/generation", generation + "\n");
        write("banger/complete", "");
        return git;
    }

    Path folder() {
        return git;
    }

    @Nullable
    String branch() {
        return branch;
    }

    /** Makes HEAD and its branch the snapshot's commit in a new repository without any other ref, where files do that. */
    void beginHead() throws IOException {
        String commit = Objects.requireNonNull(snapshot.commit());
        String packed = "# pack-refs with: peeled fully-peeled sorted \n" + commit + " refs/banger/prepared\n";
        write("packed-refs", branch == null ? packed : packed + commit + " refs/heads/" + branch + "\n");
        write("shallow", commit + "\n");
        write("HEAD", branch == null ? commit + "\n" : "ref: refs/heads/" + branch + "\n");
    }

    /**
     * The same by git in the guest, which is told what the branch must have been, as the script's argument, or nothing.
     *
     * @param whatever whether the branch is moved in any case
     */
    void moveHead(boolean whatever) throws IOException {
        String commit = Objects.requireNonNull(snapshot.commit());
        var script = new StringBuilder("set -e\n");
        script.append("if [ -f .git/shallow ] && git rev-parse '")
                .append(commit)
                .append("^@' | git cat-file --batch-check | grep -q missing; then\n    grep -qx ")
                .append(commit)
                .append(" .git/shallow || echo ")
                .append(commit)
                .append(" >>.git/shallow\nfi\n");
        script.append(update("refs/banger/prepared", commit)).append('\n');
        if (branch == null) {
            script.append("git update-ref --no-deref -m 'banger: prepared' HEAD ")
                    .append(commit)
                    .append('\n');
        } else {
            script.append(update("refs/heads/" + branch, commit)).append(whatever ? "\n" : " ${1+\"$1\"}\n");
            script.append("git symbolic-ref -m 'banger: prepared' HEAD ")
                    .append(quote("refs/heads/" + branch))
                    .append('\n');
        }
        write("banger/ref", script.toString());
    }

    private static String update(String ref, String commit) {
        return "git update-ref -m 'banger: prepared' " + quote(ref) + " " + commit;
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(git.resolve(name), text, StandardCharsets.UTF_8);
    }
}
