package banger.daemon.ext4;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A home ({@code /root}) between its two forms: a file system of its own, as VMs have it, and a part of layers. */
public final class HomeTree {
    private static final String NAME = "root";
    private static final int FOLDER_MODE = Inode.FOLDER | 0755;

    private HomeTree() {}

    /** A layer that holds nothing but the home, and hides what layers below have there. @param home its file system */
    public static Entry asLayer(Ext4Volume home) throws IOException {
        Entry root = new Entry(new Entry.Meta(FOLDER_MODE, 0, 0, 0, 0, 0), null, null, Map.of());
        Entry content = Tree.read(home);
        content.setOpaque(true);
        root.put(NAME, content);
        return root;
    }

    /** Whether the layer says anything of the home. */
    public static boolean isIn(Entry layer) {
        return layer.child(NAME) != null;
    }

    /** The home that these layers show, or null. @param layers lowest first, at least one */
    public static @Nullable Entry of(List<Entry> layers) {
        return Overlay.view(layers).child(NAME);
    }
}
