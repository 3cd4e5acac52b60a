package banger.daemon.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final Difference.Whole NEVER = () -> {
        throw new AssertionError("nothing was moved");
    };

    @Test
    void whatIsAsItWasIsLeftOut() throws IOException {
        Entry before = tree("etc/kept=1", "etc/changed=1");
        Entry after = tree("etc/kept=1", "etc/changed=2", "srv/new=1");
        assertEquals(List.of("etc/", "etc/changed", "srv/", "srv/new"), names(between(before, after)));
    }

    @Test
    void whatWentSinceIsWhitedOut() throws IOException {
        Entry layer = between(tree("etc/gone=1", "etc/kept=1"), tree("etc/kept=1"));
        assertTrue(layer.at("etc/gone").isWhiteout());
        assertEquals(List.of("etc/", "etc/gone"), names(layer));
    }

    @Test
    void aWhiteoutThatWasThereIsNotRepeated() throws IOException {
        Entry before = tree();
        before.put("gone", Entry.whiteout());
        Entry after = tree("new=1");
        after.put("gone", Entry.whiteout());
        assertEquals(List.of("new"), names(between(before, after)));
    }

    @Test
    void aFolderInPlaceOfAFileHidesIt() throws IOException {
        Entry layer = between(tree("a=1"), tree("a/b=1"));
        assertTrue(layer.at("a").isOpaque());
        assertEquals(List.of("a/", "a/b"), names(layer));
    }

    @Test
    void aFolderThatCoversTheLayersBelowStillDoes() throws IOException {
        Entry after = tree("opt/x=1");
        after.at("opt").setOpaque(true);
        assertTrue(between(tree(), after).at("opt").isOpaque());
        // The earlier layer covers them already, and its own files must go on to show through.
        Entry before = tree("opt/y=1");
        before.at("opt").setOpaque(true);
        after = tree("opt/y=1", "opt/x=1");
        after.at("opt").setOpaque(true);
        Entry layer = between(before, after);
        assertFalse(layer.at("opt").isOpaque());
        assertEquals(List.of("opt/", "opt/x"), names(layer));
    }

    @Test
    void aMovedFolderIsTakenAsItIsSeen() throws IOException {
        Entry after = tree("new/own=1");
        after.at("new").setRedirect("/old");
        Entry seen = tree("new/own=1", "new/below=1");
        Entry layer = Difference.between(tree(), after, () -> seen);
        Entry moved = layer.at("new");
        assertNotNull(moved);
        assertTrue(moved.isOpaque());
        assertEquals(null, moved.redirect());
        assertEquals(List.of("new/", "new/below", "new/own"), names(layer));
    }

    @Test
    void aFolderThatWasMovedEarlierIsOnlyGoneInto() throws IOException {
        Entry before = tree("new/a=1");
        before.at("new").setRedirect("/old");
        Entry after = tree("new/a=1", "new/b=1");
        after.at("new").setRedirect("/old");
        Entry layer = between(before, after);
        assertEquals(null, layer.at("new").redirect());
        assertEquals(List.of("new/", "new/b"), names(layer));
    }

    @Test
    void theLayerUponTheEarlierStateShowsTheLaterOne() throws IOException {
        Entry before = tree("a/b=1", "a/c=1", "d=1", "e/f=1");
        Entry after = tree("a/b=2", "d/x=1", "g=1", "e/f=1");
        Entry shown = Overlay.view(List.of(before, between(before, after)));
        assertEquals(names(after), names(shown));
    }

    private static Entry between(Entry before, Entry after) throws IOException {
        return Difference.between(before, after, NEVER);
    }

    /** Links at these paths; what stands behind the sign is what they point to. */
    private static Entry tree(String... files) {
        Entry root = folder();
        for (String each : files) {
            String[] parts = each.split("=");
            Entry at = root;
            String[] names = parts[0].split("/");
            for (int i = 0; i < names.length - 1; i++) {
                Entry next = at.child(names[i]);
                if (next == null) {
                    next = folder();
                    at.put(names[i], next);
                }
                at = next;
            }
            at.put(names[names.length - 1], file(Integer.parseInt(parts[1])));
        }
        return root;
    }

    /** A file whose inode has changed so many times. */
    private static Entry file(int changes) {
        ByteBuffer body = ByteBuffer.allocate(256).putInt(12, changes);
        var inode = new Inode(12, Inode.FILE | 0644, 0, 0, 0, 1, 0, 0, body);
        var meta = new Entry.Meta(Inode.FILE | 0644, 0, 0, 0, 0, 0);
        return new Entry(meta, new Entry.Content(null, inode, null), null, Map.of());
    }

    private static Entry folder() {
        return new Entry(new Entry.Meta(Inode.FOLDER | 0755, 0, 0, 0, 0, 0), null, null, Map.of());
    }

    private static List<String> names(Entry entry) {
        List<String> names = new ArrayList<>();
        add(entry, "", names);
        return names;
    }

    private static void add(Entry folder, String prefix, List<String> names) {
        folder.children().forEach((name, child) -> {
            names.add(prefix + name + (child.isFolder() ? "/" : ""));
            add(child, prefix + name + "/", names);
        });
    }
}
