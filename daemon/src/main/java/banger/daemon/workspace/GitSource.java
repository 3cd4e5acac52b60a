package banger.daemon.workspace;

import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A repository of which the guest gets commits and the work tree without what git ignores: shallow and full. */
final class GitSource implements Source {
    private static final int MAX_ROUNDS = 3;
    private static final String TREE = "tree";
    private static final Duration PACK_BOUND = Duration.ofMinutes(30);

    private final Snapshot snapshot;
    private final GitFolder gitFolder;
    private final boolean shallow;

    GitSource(Snapshot snapshot, GitFolder gitFolder, boolean shallow) {
        this.snapshot = snapshot;
        this.gitFolder = gitFolder;
        this.shallow = shallow;
    }

    @Override
    public Payload all() {
        return new GitPayload(TreeDelta.all(snapshot.tree()), null, true);
    }

    @Override
    public Payload since(Workspace previous, Path kept, @Nullable List<String> touched) {
        GitIndex before =
                GitIndex.read(kept.resolve(TREE), snapshot.repository().objectIdBytes());
        TreeDelta delta = TreeDelta.between(before, snapshot.tree());
        if (touched != null) {
            delta = delta.restoring(touched, snapshot.tree());
        }
        return new GitPayload(delta, previous, touched != null);
    }

    @Override
    public void keep(Path folder) throws IOException {
        Files.copy(snapshot.folder().resolve(TREE), folder.resolve(TREE), StandardCopyOption.COPY_ATTRIBUTES);
        Archive.writeNames(folder.resolve("nested"), snapshot.nested());
    }

    private final class GitPayload implements Payload {
        private final TreeDelta delta;
        private final @Nullable Workspace previous;
        private final boolean moveHead;

        GitPayload(TreeDelta delta, @Nullable Workspace previous, boolean guestMoved) {
            this.delta = delta;
            this.previous = previous;
            moveHead = guestMoved
                    || previous == null
                    || !Objects.equals(snapshot.commit(), previous.commit())
                    || !Objects.equals(gitFolder.branch(), previous.head());
        }

        @Override
        public int files() {
            return delta.changed().size();
        }

        @Override
        public long bytes() {
            return delta.changed().stream()
                    .mapToLong(entry -> Archive.bytes(entry.size()))
                    .sum();
        }

        @Override
        public void send(OutputStream guest, LongConsumer moved) throws IOException {
            // Packing takes the host about as long as a good part of the files takes the guest.
            var packing = new FutureTask<>(this::pack, null);
            Thread.ofVirtual().name("workspace-pack").start(packing);
            try {
                sendFiles(guest, moved);
            } finally {
                await(packing);
            }
            Path git = previous == null ? gitFolder.state() : gitFolder.update(delta);
            if (moveHead && previous == null && shallow) {
                gitFolder.beginHead();
            } else if (moveHead) {
                gitFolder.moveHead(false);
            }
            Archive.sendAll(git.getParent(), guest, moved);
        }

        private void sendFiles(OutputStream guest, LongConsumer moved) throws IOException {
            Path names = snapshot.folder().resolve("names");
            var sent = new ArrayList<String>();
            delta.changed().forEach(entry -> sent.add(entry.path()));
            sent.addAll(snapshot.nested());
            Archive.writeNames(names, sent);
            Archive.send(snapshot.workTree(), names, List.of(), guest, moved);
            if (!sendWhatChangedMeanwhile(names, guest, moved) && previous != null) {
                gitFolder.touching(delta);
            }
        }

        private void await(FutureTask<?> work) {
            try {
                work.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case Problem problem -> throw problem;
                    case UncheckedIOException failure ->
                        throw DiskFull.orFailed(
                                failure.getCause(),
                                "packing " + snapshot.repository().top());
                    default -> throw new IllegalStateException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Problem.Kind.CANCELLED, "the transfer was interrupted");
            }
        }

        /** An editor may save while the files are read; what is recorded must be what was sent. @return whether any did */
        private boolean sendWhatChangedMeanwhile(Path names, OutputStream guest, LongConsumer moved)
                throws IOException {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                if (!snapshot.takeInChanges() || Files.size(names) == 0) {
                    return round > 0;
                }
                Archive.send(snapshot.workTree(), names, List.of(), guest, moved);
            }
            return true;
        }

        /** Lays a new git folder out, and packs what has no other way: in full mode git's own transport has brought commits. */
        private void pack() {
            try {
                if (previous == null) {
                    gitFolder.create();
                }
                pack(gitFolder.folder());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void pack(Path git) throws IOException {
            Path base = Files.createDirectories(git.resolve("objects/pack")).resolve("pack");
            String commit = shallow ? snapshot.commit() : null;
            String known = previous == null || previous.commit() == null ? "" : previous.commit();
            if (!known.isEmpty() && !snapshot.repository().knows(known)) {
                known = "";
            }
            boolean wanted = commit != null && !commit.equals(known);
            if (!wanted && Files.size(snapshot.folder().resolve("staged")) == 0) {
                return;
            }
            Command.of(Script.HOST_PACK.argv(List.of(
                            snapshot.repository().gitFolder().toString(),
                            wanted ? commit : "",
                            known,
                            snapshot.folder().toString(),
                            base.toString(),
                            snapshot.repository().quotedObjects())))
                    .named("git")
                    .within(PACK_BOUND)
                    .succeed();
        }
    }
}
