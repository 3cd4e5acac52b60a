package banger.daemon.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Layers are written as lines: {@code a/b=x} a file, {@code a/} a folder, {@code a/ opaque}, {@code a/ from /b}, {@code -a} a whiteout. */
class OverlayTest {
    @Test
    void filesOfTheUpperTakeThePlaceOfTheLowers() {
        assertEquals(
                List.of("a/", "a/x=2", "a/y=1", "b=3"),
                view(layer("a/", "a/x=1", "a/y=1", "b=1"), layer("a/", "a/x=2", "b=3")));
    }

    @Test
    void whiteoutsTakeFilesAndFoldersAway() {
        assertEquals(List.of("a/"), view(layer("a/", "a/x=1", "b/", "b/y=1"), layer("a/", "-a/x", "-b")));
    }

    @Test
    void anOpaqueFolderHidesWhatIsBelow() {
        assertEquals(List.of("a/", "a/z=2"), view(layer("a/", "a/x=1"), layer("a/ opaque", "a/z=2")));
    }

    @Test
    void aFolderInTheSteadOfAFileStartsEmpty() {
        assertEquals(List.of("a/", "a/z=2"), view(layer("a=1"), layer("a/", "a/z=2")));
        assertEquals(List.of("a=2"), view(layer("a/", "a/x=1"), layer("a=2")));
    }

    @Test
    void aMovedFolderBringsItsContentAlong() {
        assertEquals(
                List.of("b/", "b/x=1", "b/z=2", "c/"),
                view(layer("a/", "a/x=1", "a/y=1", "c/"), layer("-a", "b/ from /a", "b/z=2", "-b/y")));
    }

    @Test
    void aFolderMovedIntoANewOneBringsItsContentAlong() {
        assertEquals(
                List.of("n/", "n/a/", "n/a/x=1"), view(layer("a/", "a/x=1"), layer("-a", "n/ opaque", "n/a/ from /a")));
    }

    @Test
    void aFolderRenamedInItsPlaceBringsItsContentAlong() {
        assertEquals(
                List.of("p/", "p/b/", "p/b/x=1"),
                view(layer("p/", "p/a/", "p/a/x=1"), layer("p/", "-p/a", "p/b/ from a")));
    }

    @Test
    void mergedLayersShowUponABaseWhatTheyShowOneByOne() {
        List<String> base = layer("a/", "a/x=0", "a/d/", "a/d/deep=0", "b/", "b/y=0", "c=0", "e/", "e/f=0");
        List<List<List<String>>> stacks = List.of(
                List.of(layer("a/", "-a/x"), layer("a/", "a/new=1")),
                List.of(layer("-a"), layer("a/", "a/new=1")),
                List.of(layer("a/ opaque", "a/one=1"), layer("a/", "a/two=2")),
                List.of(layer("a/", "a/one=1"), layer("a/ opaque", "a/two=2")),
                List.of(layer("-a", "m/ from /a", "m/k=1"), layer("m/", "m/k=2", "-m/x")),
                List.of(layer("-a", "m/ from /a", "m/k=1"), layer("-m", "n/ from /m", "n/l=2")),
                List.of(layer("-a", "m/ from /a"), layer("m/", "-m/d", "m/q/ from d", "m/q/s=2")),
                List.of(layer("a/", "-a/d"), layer("a/", "a/d/ opaque", "a/d/n=2")),
                List.of(layer("c/ opaque", "c/in=1"), layer("-c", "k/ from /c")),
                List.of(layer("-c"), layer("c=2"), layer("-c")),
                List.of(layer("b/", "b/z=1"), layer("-b", "t/ opaque", "t/b/ from /b"), layer("t/", "t/b/", "-t/b/y")),
                List.of(layer("-e"), layer("e/ opaque"), layer("e/", "e/g=3"), layer("-e", "h/ from /e")));
        for (List<List<String>> stack : stacks) {
            List<Entry> all = new java.util.ArrayList<>(List.of(tree(base)));
            stack.forEach(each -> all.add(tree(each)));
            Entry merged = Overlay.merge(all.subList(1, all.size()));
            assertEquals(lines(Overlay.view(all)), lines(Overlay.view(List.of(tree(base), merged))), stack.toString());
        }
    }

    @Test
    void aMergedLayerStillTakesAwayWhatALowerOneHas() {
        Entry merged = Overlay.merge(List.of(tree(layer("a/", "-a/x")), tree(layer("b=1"))));
        assertEquals(List.of("a/", "b=1"), lines(Overlay.view(List.of(tree(layer("a/", "a/x=1")), merged))));
        assertNull(tree(layer("a/")).at("a/x/y"));
    }

    private static List<String> layer(String... lines) {
        return List.of(lines);
    }

    private static List<String> view(List<String> lower, List<String> upper) {
        return lines(Overlay.view(List.of(tree(lower), tree(upper))));
    }

    private static Entry tree(List<String> lines) {
        Entry root = folder(Map.of());
        for (String line : lines) {
            if (line.startsWith("-")) {
                put(root, line.substring(1), Entry.whiteout());
            } else if (line.contains("=")) {
                String[] parts = line.split("=");
                // The target of a link stands for the content of a file.
                put(
                        root,
                        parts[0],
                        new Entry(new Entry.Meta(Inode.LINK | 0777, 0, 0, 0, 0, 0), null, parts[1], Map.of()));
            } else {
                int space = line.indexOf(' ');
                String path = space < 0 ? line : line.substring(0, space);
                Map<String, byte[]> attributes = new TreeMap<>();
                if (line.endsWith(" opaque")) {
                    attributes.put(Entry.OPAQUE, new byte[] {'y'});
                } else if (space > 0) {
                    attributes.put(
                            Entry.REDIRECT,
                            line.substring(space + " from ".length()).getBytes(StandardCharsets.UTF_8));
                }
                put(root, path.substring(0, path.length() - 1), folder(attributes));
            }
        }
        return root;
    }

    private static void put(Entry root, String path, Entry entry) {
        int slash = path.lastIndexOf('/');
        Entry parent = slash < 0 ? root : root.at(path.substring(0, slash));
        java.util.Objects.requireNonNull(parent, path).put(path.substring(slash + 1), entry);
    }

    private static Entry folder(Map<String, byte[]> attributes) {
        return new Entry(new Entry.Meta(Inode.FOLDER | 0755, 0, 0, 0, 0, 0), null, null, attributes);
    }

    private static List<String> lines(Entry root) {
        List<String> lines = new java.util.ArrayList<>();
        lines("", root, lines);
        return lines;
    }

    private static void lines(String path, Entry entry, List<String> lines) {
        for (var each : entry.children().entrySet()) {
            String full = path + each.getKey();
            lines.add(each.getValue().isFolder() ? full + "/" : full + "=" + each.getValue().target);
            lines(full + "/", each.getValue(), lines);
        }
    }
}
