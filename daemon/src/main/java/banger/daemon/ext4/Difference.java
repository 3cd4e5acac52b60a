package banger.daemon.ext4;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an overlay's upper side has that it had not at an earlier moment, as a layer upon a layer of that earlier state.
 *
 * <p>A file counts as changed when its inode is another or has changed in any way; what is only read leaves no trace, as
 * guests mount their disks without times of access.
 */
public final class Difference {
    /** Sees what a guest sees: layers and upper side together. Asked only where a folder was moved. */
    public interface Whole {
        /** The root of the later state; its files must stay readable for as long as the difference is used. */
        Entry read() throws IOException;
    }

    private final Whole whole;
    private @Nullable Entry seen;

    private Difference(Whole whole) {
        this.whole = whole;
    }

    /** @param before whose files need not be readable any more */
    public static Entry between(Entry before, Entry after, Whole whole) throws IOException {
        return new Difference(whole).folder(before, after, "");
    }

    /** A folder that both states have, and that shows the same of the layers below in both. */
    private Entry folder(Entry before, Entry after, String path) throws IOException {
        Entry made = after.alone();
        made.setOpaque(false);
        made.setRedirect(null);
        for (Map.Entry<String, Entry> each : after.children().entrySet()) {
            String name = each.getKey();
            Entry part = part(before.child(name), each.getValue(), path + "/" + name);
            if (part != null) {
                made.put(name, part);
            }
        }
        for (Map.Entry<String, Entry> each : before.children().entrySet()) {
            if (after.child(each.getKey()) == null && !each.getValue().isWhiteout()) {
                made.put(each.getKey(), Entry.whiteout());
            }
        }
        return made;
    }

    private @Nullable Entry part(@Nullable Entry before, Entry after, String path) throws IOException {
        if (!after.isFolder()) {
            return before != null && isSame(before, after) ? null : after;
        }
        boolean stayed = before != null
                && before.isFolder()
                && before.isOpaque() == after.isOpaque()
                && Objects.equals(before.redirect(), after.redirect());
        if (!stayed) {
            return arrived(after, path, before != null);
        }
        Entry made = folder(before, after, path);
        return made.children().isEmpty() && isSame(before, after) ? null : made;
    }

    /** A folder that was not there before, and all below it. @param covers whether something else was in its place */
    private Entry arrived(Entry folder, String path, boolean covers) throws IOException {
        if (folder.redirect() != null) {
            // Where it was moved from may look otherwise by now to whoever looks through the earlier state.
            Entry visible = seen().at(path);
            Entry copy = visible == null ? folder.alone() : visible;
            copy.setRedirect(null);
            copy.setOpaque(true);
            return copy;
        }
        Entry made = folder.alone();
        made.setOpaque(folder.isOpaque() || covers);
        for (Map.Entry<String, Entry> each : folder.children().entrySet()) {
            Entry child = each.getValue();
            made.put(each.getKey(), child.isFolder() ? arrived(child, path + "/" + each.getKey(), false) : child);
        }
        return made;
    }

    private Entry seen() throws IOException {
        Entry read = seen;
        if (read == null) {
            read = whole.read();
            seen = read;
        }
        return read;
    }

    private static boolean isSame(Entry one, Entry other) {
        if (!one.meta.equals(other.meta)
                || !Objects.equals(one.target, other.target)
                || !sameAttributes(one.attributes(), other.attributes())) {
            return false;
        }
        Entry.Content was = one.content;
        Entry.Content is = other.content;
        if (was == null || is == null) {
            return was == null && is == null;
        }
        // With the time of change to the nanosecond and the file's place.
        return was.inode().number() == is.inode().number()
                && was.inode().body().equals(is.inode().body());
    }

    private static boolean sameAttributes(Map<String, byte[]> one, Map<String, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(each -> Arrays.equals(each.getValue(), other.get(each.getKey())));
    }
}
