package banger.daemon.rootfs;

import banger.daemon.problem.Problem;
import banger.daemon.rootfs.FileTree.Folder;
import banger.daemon.rootfs.FileTree.Leaf;
import banger.daemon.rootfs.FileTree.Link;
import banger.daemon.rootfs.FileTree.Node;
import banger.daemon.rootfs.LayerEntry.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides, entry by entry, where what a layer holds is to go: refused, left out, or at which path below the root, by the
 * rules of the OCI image specification (layer.md).
 *
 * <p>A path that it gives never leads through a symbolic link.
 */
final class LayerPlan {
    /**
     * What is to be done.
     *
     * @param path of the entry, from the root
     * @param linkPath of a hard link's other name, else null
     * @param missingFolders to be made before
     */
    record Placed(String path, @Nullable String linkPath, List<String> missingFolders) {}

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_PATH_BYTES = 4095;
    private static final int MAX_DEPTH = 256;
    private static final long MAX_ID = 0xfffffffeL;
    private static final char NOT_UTF8 = '\uFFFD';

    /** What the guest's own device file system has, and archives of whole systems hold as well. */
    private static final Predicate<String> USUAL_DEVICE = Pattern.compile(
                    "dev/(null|zero|full|u?random|console|ptmx|kmsg|tty[0-9]*|ttyS[0-9]+|ram[0-9]+|loop[0-9]+)")
            .asMatchPredicate();

    private final FileTree tree;
    private final int layer;
    private final String source;
    private final Budget budget;
    private final List<String> removals = new ArrayList<>();

    /** @param source what messages call the layer's archive @param layer its number, 0 the lowest */
    LayerPlan(FileTree tree, int layer, String source, Budget budget) {
        this.tree = tree;
        this.layer = layer;
        this.source = source;
        this.budget = budget;
    }

    /** Paths of lower layers that must go before anything of this layer comes. */
    List<String> removals() {
        return removals;
    }

    /** Where the entry goes, or null: nowhere. @throws Problem FAILED that names the entry */
    @Nullable
    Placed place(LayerEntry entry) {
        budget.take(entry, source);
        List<String> parts = parts(entry, entry.name());
        check(entry);
        try {
            return parts.isEmpty() ? root(entry) : place(entry, parts);
        } catch (FileTree.Unreachable e) {
            throw refused(entry, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Placed root(LayerEntry entry) {
        if (entry.kind() != Kind.FOLDER) {
            throw refused(entry, "the root must be a folder");
        }
        return new Placed(".", null, List.of());
    }

    private @Nullable Placed place(LayerEntry entry, List<String> parts) throws FileTree.Unreachable {
        List<String> folder = tree.resolve(parts.subList(0, parts.size() - 1));
        String name = parts.getLast();
        if (name.startsWith(WHITEOUT)) {
            whiteOut(entry, folder, name);
            return null;
        }
        List<String> path = new ArrayList<>(folder);
        path.add(name);
        if (isDevice(entry)) {
            if (!USUAL_DEVICE.test(String.join("/", path))) {
                throw refused(entry, "it is a device, which images may have in /dev only, of the usual kinds");
            }
            return null;
        }
        String linkPath = entry.kind() == Kind.HARD_LINK ? linkPath(entry) : null;
        List<String> missing = missing(folder);
        replace(entry, path);
        tree.put(path, node(entry));
        return new Placed(String.join("/", path), linkPath, missing);
    }

    private void whiteOut(LayerEntry entry, List<String> folder, String name) {
        if (name.equals(OPAQUE)) {
            addRemovals(tree.removeContentBelow(folder, layer));
            return;
        }
        String hidden = name.substring(WHITEOUT.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw refused(entry, "it hides nothing that can have a name");
        }
        if (hidden.startsWith(".wh.")) {
            // What AUFS keeps for itself, such as .wh..wh.plnk.
            return;
        }
        List<String> path = new ArrayList<>(folder);
        path.add(hidden);
        addRemovals(tree.removeBelow(path, layer));
    }

    private void replace(LayerEntry entry, List<String> path) {
        Node present = tree.find(path);
        boolean folder = entry.kind() == Kind.FOLDER;
        if (present == null || present instanceof Folder == folder && folder) {
            return;
        }
        if (present instanceof Folder || folder) {
            addRemovals(tree.removeBelow(path, layer));
            if (tree.find(path) != null) {
                throw refused(entry, "the same layer has it as a folder and as something else");
            }
        }
    }

    private String linkPath(LayerEntry entry) throws FileTree.Unreachable {
        List<String> parts = parts(entry, entry.linkTarget());
        if (parts.isEmpty()) {
            throw refused(entry, "it links to the root");
        }
        List<String> path = new ArrayList<>(tree.resolve(parts.subList(0, parts.size() - 1)));
        path.add(parts.getLast());
        Node target = tree.find(path);
        if (target == null || target instanceof Folder) {
            throw refused(
                    entry,
                    "it links to " + entry.linkTarget() + ", which is " + (target == null ? "not there" : "a folder"));
        }
        return String.join("/", path);
    }

    private List<String> missing(List<String> folder) {
        List<String> missing = new ArrayList<>();
        for (int depth = 1; depth <= folder.size(); depth++) {
            List<String> part = folder.subList(0, depth);
            if (tree.find(part) == null) {
                tree.put(part, new Folder(layer));
                missing.add(String.join("/", part));
            }
        }
        return missing;
    }

    private Node node(LayerEntry entry) {
        return switch (entry.kind()) {
            case FOLDER -> new Folder(layer);
            case SYMBOLIC_LINK -> new Link(entry.linkTarget(), layer);
            default -> new Leaf(layer);
        };
    }

    private void addRemovals(List<List<String>> paths) {
        paths.forEach(path -> removals.add(String.join("/", path)));
    }

    private static boolean isDevice(LayerEntry entry) {
        return entry.kind() == Kind.CHARACTER_DEVICE || entry.kind() == Kind.BLOCK_DEVICE;
    }

    private void check(LayerEntry entry) {
        if (entry.kind() == Kind.OTHER) {
            throw refused(entry, "it is of a kind that files of Linux are not");
        }
        if (entry.uid() < 0 || entry.uid() > MAX_ID || entry.gid() < 0 || entry.gid() > MAX_ID) {
            throw refused(entry, "it has the owner " + entry.uid() + ":" + entry.gid());
        }
        if (entry.kind() == Kind.SYMBOLIC_LINK
                && (entry.linkTarget().isEmpty()
                        || bytes(entry.linkTarget()) > MAX_PATH_BYTES
                        || entry.linkTarget().indexOf(NOT_UTF8) >= 0)) {
            throw refused(entry, "it is a symbolic link to what cannot be a path");
        }
    }

    private List<String> parts(LayerEntry entry, String path) {
        if (path.startsWith("/")) {
            throw refused(entry, "the name " + path + " begins with /");
        }
        if (path.indexOf('\0') >= 0 || path.indexOf(NOT_UTF8) >= 0 || bytes(path) > MAX_PATH_BYTES) {
            throw refused(entry, "its name is no UTF-8 text of at most " + MAX_PATH_BYTES + " bytes");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                throw refused(entry, "the name " + path + " leads out of the root with \"..\"");
            }
            if (bytes(part) > MAX_NAME_BYTES) {
                throw refused(entry, "a part of its name has more than " + MAX_NAME_BYTES + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.size() > MAX_DEPTH) {
            throw refused(entry, "it is more than " + MAX_DEPTH + " folders deep");
        }
        return parts;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private Problem refused(LayerEntry entry, String reason) {
        return new Problem(
                Problem.Kind.FAILED,
                source + " is refused at its entry \"" + printable(entry.name()) + "\": " + reason);
    }

    static String printable(String name) {
        String shown = name.replaceAll("\\p{Cntrl}", "?");
        return shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
    }
}
