package banger.daemon.rootfs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that layers have put into a root so far, as far as placing the next entry needs them: what is a folder,
 * where symbolic links lead, which layer something came from.
 */
final class FileTree {
    private static final int MAX_LINKS_FOLLOWED = 40;

    /** Something with a name. */
    sealed interface Node {
        int layer();
    }

    /** Its layer is the one that named it last. */
    static final class Folder implements Node {
        private final Map<String, Node> children = new HashMap<>(4);
        private int layer;

        Folder(int layer) {
            this.layer = layer;
        }

        @Override
        public int layer() {
            return layer;
        }

        void touch(int by) {
            layer = by;
        }
    }

    record Link(String target, int layer) implements Node {}

    record Leaf(int layer) implements Node {}

    private final Folder root = new Folder(0);

    /** A path leads through too many links, or through something that is no folder. */
    static final class Unreachable extends Exception {
        Unreachable(String reason) {
            super(reason);
        }
    }

    /**
     * The parts of the path of a folder, with symbolic links followed as the guest would follow them: they do not leave
     * the root. What is missing is taken for folders to come.
     */
    List<String> resolve(List<String> folder) throws Unreachable {
        List<String> open = new ArrayList<>(folder.reversed());
        List<String> resolved = new ArrayList<>();
        int followed = 0;
        while (!open.isEmpty()) {
            String part = open.removeLast();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                if (!resolved.isEmpty()) {
                    resolved.removeLast();
                }
                continue;
            }
            resolved.add(part);
            switch (find(resolved)) {
                case Link link -> {
                    if (++followed > MAX_LINKS_FOLLOWED) {
                        throw new Unreachable("its folder is behind too many symbolic links");
                    }
                    resolved.removeLast();
                    if (link.target().startsWith("/")) {
                        resolved.clear();
                    }
                    open.addAll(List.of(link.target().split("/")).reversed());
                }
                case Leaf ignored -> throw new Unreachable("/" + String.join("/", resolved) + " is no folder");
                case Folder ignored -> {}
                case null -> {}
            }
        }
        return resolved;
    }

    /** What has exactly this path, or null. */
    @Nullable
    Node find(List<String> path) {
        Node node = root;
        for (String part : path) {
            node = node instanceof Folder folder ? folder.children.get(part) : null;
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** Puts it there; its folder must be one. A folder that is there stays, with its content. */
    void put(List<String> path, Node node) {
        if (path.isEmpty()) {
            return;
        }
        Folder parent = (Folder) java.util.Objects.requireNonNull(find(path.subList(0, path.size() - 1)));
        if (node instanceof Folder && parent.children.get(path.getLast()) instanceof Folder present) {
            present.touch(node.layer());
        } else {
            parent.children.put(path.getLast(), node);
        }
    }

    /** Removes what is there of layers below this one, and answers the paths that went, outermost only. */
    List<List<String>> removeBelow(List<String> path, int layer) {
        List<List<String>> removed = new ArrayList<>();
        Node node = find(path);
        if (node instanceof Folder folder && (path.isEmpty() || folder.layer() == layer || holdsOf(folder, layer))) {
            for (String name : List.copyOf(folder.children.keySet())) {
                List<String> child = new ArrayList<>(path);
                child.add(name);
                removed.addAll(removeBelow(child, layer));
            }
        } else if (node != null && node.layer() < layer) {
            ((Folder) java.util.Objects.requireNonNull(find(path.subList(0, path.size() - 1))))
                    .children.remove(path.getLast());
            removed.add(path);
        }
        return removed;
    }

    /** Removes what lower layers have below a folder, which itself stays. */
    List<List<String>> removeContentBelow(List<String> path, int layer) {
        List<List<String>> removed = new ArrayList<>();
        if (find(path) instanceof Folder folder) {
            for (String name : List.copyOf(folder.children.keySet())) {
                List<String> child = new ArrayList<>(path);
                child.add(name);
                removed.addAll(removeBelow(child, layer));
            }
        }
        return removed;
    }

    private static boolean holdsOf(Folder folder, int layer) {
        return folder.children.values().stream()
                .anyMatch(child -> child.layer() == layer || child instanceof Folder inner && holdsOf(inner, layer));
    }
}
