package banger.daemon.build;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Overlay;
import banger.daemon.ext4.Tree;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a layer changes in those below it. */
public final class LayerDiff {
    private final HostPaths paths;

    public LayerDiff(HostPaths paths) {
        this.paths = paths;
    }

    /** How a path differs. */
    public enum Kind {
        ADDED,
        CHANGED,
        DELETED
    }

    /** @param path absolute; a folder's ends with a slash */
    public record Change(Kind kind, String path) {}

    /** What the image's layer of that index (0: the lowest) changes, at most {@code most} of it, by path. */
    public List<Change> of(Image image, int index, int most) {
        List<Ext4Volume> open = new ArrayList<>();
        try {
            List<Entry> trees = new ArrayList<>();
            for (Layer layer : image.layers().subList(0, index + 1)) {
                open.add(Ext4Volume.open(paths.layer(layer.digest())));
                trees.add(Tree.read(open.getLast()));
            }
            Entry below = index == 0 ? null : Overlay.view(trees.subList(0, index));
            List<Change> changes = new ArrayList<>();
            collect("", trees.getLast(), below, changes, most);
            return changes;
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "reading the layers of image " + image.name());
        } finally {
            open.forEach(LayerDiff::close);
        }
    }

    private static void collect(String path, Entry upper, @Nullable Entry below, List<Change> changes, int most) {
        if (below != null && upper.isOpaque()) {
            // What the folder had is gone, unless the layer has it again.
            for (String name : below.children().keySet()) {
                if (upper.child(name) == null) {
                    add(changes, most, Kind.DELETED, path + "/" + name);
                }
            }
        }
        for (var each : upper.children().entrySet()) {
            Entry now = each.getValue();
            Entry before = below == null ? null : below.child(each.getKey());
            String full = path + "/" + each.getKey();
            if (now.isWhiteout()) {
                add(changes, most, Kind.DELETED, full);
                continue;
            }
            boolean folder = now.isFolder();
            add(changes, most, before == null ? Kind.ADDED : Kind.CHANGED, folder ? full + "/" : full);
            if (folder) {
                collect(full, now, before != null && before.isFolder() ? before : null, changes, most);
            }
        }
    }

    private static void add(List<Change> changes, int most, Kind kind, String path) {
        if (changes.size() < most) {
            // Names are kept as bytes; people read them as UTF-8.
            byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
            changes.add(new Change(kind, new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    private static void close(Ext4Volume volume) {
        try {
            volume.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
