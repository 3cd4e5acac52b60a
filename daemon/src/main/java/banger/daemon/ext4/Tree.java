package banger.daemon.ext4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the names, owners and modes of a file system into memory; the content of files stays where it is. */
public final class Tree {
    private static final int MAX_ENTRIES = 5_000_000;
    private static final int MAX_DEPTH = 200;

    private final Ext4Volume volume;
    private final Set<Long> folders = new HashSet<>();
    private int entries;

    private Tree(Ext4Volume volume) {
        this.volume = volume;
    }

    /** The file at that path, or nothing where there is none; links on the way are not followed. */
    public static Optional<Entry> file(Ext4Volume volume, String path) throws IOException {
        Optional<Inode> found = find(volume, path).filter(inode -> inode.type() == Inode.FILE);
        return found.isEmpty() ? Optional.empty() : Optional.of(new Tree(volume).entry(found.get()));
    }

    /** The folder at that path and all below it, or nothing where there is no such folder. The volume must stay open. */
    public static Optional<Entry> read(Ext4Volume volume, String path) throws IOException {
        Optional<Inode> found = find(volume, path).filter(Inode::isFolder);
        return found.isEmpty() ? Optional.empty() : Optional.of(new Tree(volume).folder(found.get(), 0));
    }

    private static Optional<Inode> find(Ext4Volume volume, String path) throws IOException {
        Inode inode = volume.inode(Ext4Volume.ROOT);
        for (String name : path.split("/")) {
            if (!name.isEmpty()) {
                Long next = inode.isFolder() ? volume.list(inode).get(name) : null;
                if (next == null) {
                    return Optional.empty();
                }
                inode = volume.inode(next);
            }
        }
        return Optional.of(inode);
    }

    /** The whole file system, but for the folder that belongs to its check. */
    public static Entry read(Ext4Volume volume) throws IOException {
        Entry root = read(volume, "").orElseThrow(() -> volume.damaged("a root"));
        root.remove("lost+found");
        return root;
    }

    private Entry folder(Inode inode, int depth) throws IOException {
        // A folder has one name; a second one would make a circle.
        if (!folders.add(inode.number()) || depth > MAX_DEPTH) {
            throw volume.damaged("a folder within itself");
        }
        Entry folder = entry(inode);
        for (Map.Entry<String, Long> each : volume.list(inode).entrySet()) {
            Inode child = volume.inode(each.getValue());
            folder.put(each.getKey(), child.isFolder() ? folder(child, depth + 1) : entry(child));
        }
        return folder;
    }

    private Entry entry(Inode inode) throws IOException {
        if (++entries > MAX_ENTRIES) {
            throw volume.damaged("more than " + MAX_ENTRIES + " files");
        }
        boolean device = inode.type() == Inode.CHARACTERS || inode.type() == Inode.BLOCKS;
        return new Entry(
                new Entry.Meta(
                        inode.mode(),
                        inode.uid(),
                        inode.gid(),
                        inode.mtime(),
                        device ? inode.major() : 0,
                        device ? inode.minor() : 0),
                inode.type() == Inode.FILE ? new Entry.Content(volume, inode, null) : null,
                inode.type() == Inode.LINK ? volume.linkTarget(inode) : null,
                volume.attributes(inode));
    }

    /** A file's bytes, at most so many. @throws IOException where it is no file, or longer */
    public static byte[] content(Entry entry, long most) throws IOException {
        Entry.Content content = entry.content;
        if (content == null || content.bytes() > most) {
            throw new IOException("expected a file of at most " + most + " bytes");
        }
        var out = new ByteArrayOutputStream();
        content.copy(out);
        return out.toByteArray();
    }
}
