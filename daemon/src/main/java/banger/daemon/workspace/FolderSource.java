package banger.daemon.workspace;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A repository of which the guest gets every file: full_copy. */
final class FolderSource implements Source {
    private static final String MANIFEST = "manifest";
    private static final String TREE = "tree";
    private static final String CONFIG = ".git/config";
    private static final String INDEX = ".git/index";
    private static final String OBJECTS = ".git/objects/";

    private final Snapshot snapshot;
    private final GitFolder gitFolder;
    private final List<FolderPart> parts;
    private final Manifest manifest;

    FolderSource(Snapshot snapshot, GitFolder gitFolder) {
        this.snapshot = snapshot;
        this.gitFolder = gitFolder;
        parts = FolderParts.of(snapshot.repository());
        manifest = Manifest.of(parts);
    }

    @Override
    public Payload all() {
        return new FolderPayload(manifest.items(), List.of(), List.of(), List.of(), false);
    }

    @Override
    public Payload since(Workspace previous, Path kept, @Nullable List<String> touched) {
        TreeMap<String, Manifest.Item> before;
        try {
            before = Manifest.read(kept.resolve(MANIFEST)).items();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "the list of the last prepare cannot be read: " + e.getMessage());
        }
        var changed = new TreeMap<String, Manifest.Item>();
        manifest.items().forEach((path, item) -> {
            Manifest.Item old = before.get(path);
            if (old == null || !old.is().equals(item.is())) {
                changed.put(path, item);
            }
        });
        var deleted = new ArrayList<String>();
        var emptied = new ArrayList<String>();
        before.forEach((path, item) -> {
            // The guest's own commits may need an object that the host has packed or dropped.
            if (manifest.items().containsKey(path) || path.startsWith(OBJECTS)) {
                return;
            }
            (item.isFolder() ? emptied : deleted).add(path);
        });
        changed.forEach((path, item) -> {
            Manifest.Item old = before.get(path);
            if (old != null && old.isFolder() != item.isFolder()) {
                deleted.add(path);
            }
        });
        for (String path : touched == null ? List.<String>of() : touched) {
            Manifest.Item item = manifest.items().get(path);
            if (item == null) {
                deleted.add(path);
            } else {
                changed.put(path, item);
            }
        }
        if (touched != null && manifest.items().containsKey(INDEX)) {
            changed.put(INDEX, manifest.items().get(INDEX));
        }
        List<String> added = newlySeen(kept).stream()
                .filter(path -> !before.containsKey(path))
                .toList();
        emptied.sort(Comparator.comparingInt(String::length).reversed());
        return new FolderPayload(changed, added, deleted, emptied, touched != null && snapshot.commit() != null);
    }

    /** What git does not ignore here and did not know then. */
    private List<String> newlySeen(Path kept) {
        GitIndex before =
                GitIndex.read(kept.resolve(TREE), snapshot.repository().objectIdBytes());
        return TreeDelta.between(before, snapshot.tree()).added();
    }

    @Override
    public void keep(Path folder) throws IOException {
        manifest.write(folder.resolve(MANIFEST));
        Files.copy(snapshot.folder().resolve(TREE), folder.resolve(TREE), StandardCopyOption.COPY_ATTRIBUTES);
        Archive.writeNames(folder.resolve("nested"), snapshot.nested());
    }

    private final class FolderPayload implements Payload {
        private final TreeMap<String, Manifest.Item> items;
        private final List<String> added;
        private final List<String> deleted;
        private final List<String> emptied;
        private final boolean moveHead;

        FolderPayload(
                TreeMap<String, Manifest.Item> items,
                List<String> added,
                List<String> deleted,
                List<String> emptied,
                boolean moveHead) {
            this.items = items;
            this.added = added;
            this.deleted = deleted;
            this.emptied = emptied;
            this.moveHead = moveHead;
        }

        @Override
        public int files() {
            return (int)
                    items.values().stream().filter(item -> !item.isFolder()).count();
        }

        @Override
        public long bytes() {
            return items.values().stream()
                    .mapToLong(item -> Archive.bytes(item.size()))
                    .sum();
        }

        @Override
        public void send(OutputStream guest, LongConsumer moved) throws IOException {
            for (int i = 0; i < parts.size(); i++) {
                int part = i;
                Collection<String> names = items.values().stream()
                        .filter(item -> item.part() == part)
                        .map(Manifest.Item::name)
                        .toList();
                if (!names.isEmpty()) {
                    Path file = snapshot.folder().resolve("names");
                    Archive.writeNames(file, names);
                    Archive.send(parts.get(part).folder(), file, parts.get(part).archiveOptions(), guest, moved);
                }
            }
            Path git = gitFolder.update(new TreeDelta(List.of(), added, deleted, emptied));
            if (moveHead) {
                gitFolder.moveHead(true);
            }
            if (items.containsKey(CONFIG)) {
                adaptConfig(git.resolve("config"));
            }
            Archive.sendAll(git.getParent(), guest, moved);
        }

        private void adaptConfig(Path config) throws IOException {
            Files.copy(
                    snapshot.repository().commonFolder().resolve("config"),
                    config,
                    StandardCopyOption.REPLACE_EXISTING);
            // A submodule's names its work tree by a path that is not the guest's.
            Repository.git(config.getParent(), "config", "--file", config.toString(), "--unset-all", "core.worktree")
                    .run();
            GuestConfig.setOwn(config);
        }
    }
}
