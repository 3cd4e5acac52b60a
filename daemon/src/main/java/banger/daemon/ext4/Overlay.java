package banger.daemon.ext4;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts layers upon each other as overlayfs does (Documentation/filesystems/overlayfs.rst of Linux). */
public final class Overlay {
    private Overlay() {}

    /**
     * One layer that stands for all of these upon whatever lies below them: whiteouts, opaque folders and redirections
     * that still matter to that stay.
     *
     * @param layers lowest first, at least one
     */
    public static Entry merge(List<Entry> layers) {
        Entry merged = layers.getFirst();
        for (Entry upper : layers.subList(1, layers.size())) {
            merged = folder(upper, merged, new Origin(merged, ""));
        }
        return merged;
    }

    /** What a guest sees of these layers with nothing below them. @param layers lowest first, at least one */
    public static Entry view(List<Entry> layers) {
        return visible(merge(layers));
    }

    /**
     * What a folder of the upper layer shows from below.
     *
     * @param lower the entry of the lower layer, or null where it says nothing of the path
     * @param path where layers below the lower one have it, or null where they are hidden
     */
    private record Origin(@Nullable Entry lower, @Nullable String path) {}

    private static Entry folder(Entry upper, Entry root, Origin origin) {
        Entry merged = upper.alone();
        Entry lower = origin.lower();
        boolean hidden = origin.path() == null;
        boolean covers = upper.isOpaque() || (lower != null && !lower.isFolder());
        merged.setOpaque(covers || hidden);
        merged.setRedirect(merged.isOpaque() ? null : redirectOf(upper, origin));
        if (!covers && lower != null) {
            for (Map.Entry<String, Entry> each : lower.children().entrySet()) {
                if (upper.child(each.getKey()) == null) {
                    merged.put(each.getKey(), each.getValue());
                }
            }
        }
        for (Map.Entry<String, Entry> each : upper.children().entrySet()) {
            String name = each.getKey();
            Entry child = each.getValue();
            merged.put(name, child.isFolder() ? folder(child, root, below(child, name, covers, root, origin)) : child);
        }
        return merged;
    }

    private static Origin below(Entry child, String name, boolean parentCovers, Entry root, Origin parent) {
        String redirect = child.redirect();
        if (redirect != null && redirect.startsWith("/")) {
            return resolve(root, redirect);
        }
        return parentCovers
                ? new Origin(null, null)
                : step(parent.lower(), parent.path(), redirect == null ? name : redirect);
    }

    /** Where the layers below the lower one are to be looked at for a folder that both have, or that only moved. */
    private static @Nullable String redirectOf(Entry upper, Origin origin) {
        Entry lower = origin.lower();
        boolean moved = upper.redirect() != null || (lower != null && lower.redirect() != null);
        return moved ? "/" + origin.path() : null;
    }

    private static Origin resolve(Entry root, String absolute) {
        Origin at = new Origin(root, "");
        for (String name : absolute.split("/")) {
            if (!name.isEmpty()) {
                at = step(at.lower(), at.path(), name);
            }
        }
        return at;
    }

    private static Origin step(@Nullable Entry folder, @Nullable String path, String name) {
        Entry child = folder == null ? null : folder.child(name);
        String plain = path == null ? null : path.isEmpty() ? name : path + "/" + name;
        if (folder != null && (folder.isOpaque() || !folder.isFolder())) {
            plain = null;
        }
        if (child == null) {
            return new Origin(null, plain);
        }
        if (!child.isFolder() || child.isOpaque()) {
            return new Origin(child, null);
        }
        String redirect = child.redirect();
        if (redirect == null) {
            return new Origin(child, plain);
        }
        if (redirect.startsWith("/")) {
            return new Origin(child, redirect.substring(1));
        }
        return new Origin(child, path == null ? null : path.isEmpty() ? redirect : path + "/" + redirect);
    }

    private static Entry visible(Entry entry) {
        Entry seen = entry.alone();
        seen.setOpaque(false);
        seen.setRedirect(null);
        for (Map.Entry<String, Entry> each : entry.children().entrySet()) {
            if (!each.getValue().isWhiteout()) {
                seen.put(each.getKey(), visible(each.getValue()));
            }
        }
        return seen;
    }
}
