package banger.daemon.ext4;

import banger.daemon.disk.Ext4;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file, folder, link, device or whiteout in a tree of them, apart from the file system that it was read from.
 *
 * <p>As in the upper side of an overlay: a whiteout stands for "nothing here", an opaque folder hides what layers below
 * have in it, and a redirected one shows theirs from another path (Documentation/filesystems/overlayfs.rst of Linux).
 */
public final class Entry {
    static final String OPAQUE = "trusted.overlay.opaque";
    static final String REDIRECT = "trusted.overlay.redirect";
    /** What else overlayfs notes; it means nothing in a layer. */
    private static final String NOTES = "trusted.overlay.";

    final Meta meta;
    /** The content, where it is a file. */
    final @Nullable Content content;
    /** The target, where it is a symbolic link. */
    final @Nullable String target;

    private final Map<String, byte[]> attributes;
    private final Map<String, Entry> children = new TreeMap<>();
    private boolean opaque;
    private @Nullable String redirect;

    /** Type and permissions, owner, time of change, device numbers. */
    record Meta(int mode, int uid, int gid, long mtime, int major, int minor) {
        int type() {
            return mode & Inode.TYPE;
        }
    }

    /**
     * Where a file's bytes are; two entries with equal ones are hard links of one file.
     *
     * @param instead what is read in the place of the file's own bytes, or null
     */
    record Content(Ext4Volume volume, Inode inode, byte @Nullable [] instead) {
        long bytes() {
            return instead != null ? instead.length : inode.bytes();
        }

        /** The bytes that are not holes, or a few more. */
        long dataBytes() throws IOException {
            return instead != null
                    ? (instead.length + Ext4.BLOCK_BYTES - 1L) / Ext4.BLOCK_BYTES * Ext4.BLOCK_BYTES
                    : volume.dataBytes(inode);
        }

        /** Holes become zeros. */
        void copy(OutputStream out) throws IOException {
            if (instead != null) {
                out.write(instead);
            } else {
                volume.copy(inode, out);
            }
        }

        /** To an empty file; holes stay holes. */
        void copy(FileChannel target) throws IOException {
            if (instead == null) {
                volume.copy(inode, target);
                return;
            }
            ByteBuffer left = ByteBuffer.wrap(instead);
            while (left.hasRemaining()) {
                target.write(left);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content(Ext4Volume otherVolume, Inode otherInode, byte[] ignored)
                    && volume == otherVolume
                    && inode.number() == otherInode.number();
        }

        @Override
        public int hashCode() {
            return Long.hashCode(inode.number());
        }
    }

    Entry(Meta meta, @Nullable Content content, @Nullable String target, Map<String, byte[]> all) {
        this.meta = meta;
        this.content = content;
        this.target = target;
        attributes = new TreeMap<>();
        for (var each : all.entrySet()) {
            switch (each.getKey()) {
                case OPAQUE -> opaque = each.getValue().length == 1 && each.getValue()[0] == 'y';
                case REDIRECT -> redirect = new String(each.getValue(), java.nio.charset.StandardCharsets.ISO_8859_1);
                default -> {
                    if (!each.getKey().startsWith(NOTES)) {
                        attributes.put(each.getKey(), each.getValue());
                    }
                }
            }
        }
    }

    /** The same file, folder or link, without what is in a folder. */
    Entry alone() {
        var copy = new Entry(meta, content, target, attributes);
        copy.opaque = opaque;
        copy.redirect = redirect;
        return copy;
    }

    public boolean isFolder() {
        return meta.type() == Inode.FOLDER;
    }

    public boolean isFile() {
        return meta.type() == Inode.FILE;
    }

    public boolean isWhiteout() {
        return meta.type() == Inode.CHARACTERS && meta.major() == 0 && meta.minor() == 0;
    }

    public boolean isOpaque() {
        return opaque;
    }

    /** The absolute path, or the name beside it, from which layers below are seen; or null. */
    @Nullable
    String redirect() {
        return redirect;
    }

    /** By name. */
    public Map<String, Entry> children() {
        return Collections.unmodifiableMap(children);
    }

    public @Nullable Entry child(String name) {
        return children.get(name);
    }

    /** The entry at a path such as {@code "etc/hosts"}, or null; the empty path is this one. */
    public @Nullable Entry at(String path) {
        Entry found = this;
        for (String name : path.split("/")) {
            if (!name.isEmpty() && found != null) {
                found = found.child(name);
            }
        }
        return found;
    }

    /** Where it leads, where it is a symbolic link; else null. */
    public @Nullable String target() {
        return target;
    }

    /** Gives the file other bytes; owner, mode and time stay. @throws IllegalStateException where it is no file */
    public void replaceContent(String path, byte[] bytes) {
        int slash = path.lastIndexOf('/');
        Entry parent = slash < 0 ? this : at(path.substring(0, slash));
        Entry file = at(path);
        if (parent == null || file == null || file.content == null) {
            throw new IllegalStateException(path);
        }
        var content = new Content(file.content.volume(), file.content.inode(), bytes.clone());
        parent.put(path.substring(slash + 1), new Entry(file.meta, content, null, file.attributes));
    }

    /** What stands in the inode, without what overlayfs keeps there. */
    Map<String, byte[]> attributes() {
        return attributes;
    }

    void put(String name, Entry child) {
        children.put(name, child);
    }

    /** Takes the entry at the path away, as if it had never been; no whiteout comes in its place. */
    public void remove(String path) {
        int slash = path.lastIndexOf('/');
        Entry parent = slash < 0 ? this : at(path.substring(0, slash));
        if (parent != null) {
            parent.children.remove(path.substring(slash + 1));
        }
    }

    void setOpaque(boolean now) {
        opaque = now;
    }

    void setRedirect(@Nullable String now) {
        redirect = now;
    }

    static Entry whiteout() {
        return new Entry(new Meta(Inode.CHARACTERS, 0, 0, 0, 0, 0), null, null, Map.of());
    }
}
