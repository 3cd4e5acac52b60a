package banger.daemon.workspace;

import banger.daemon.workspace.GitIndex.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * What makes one work tree of another. Paths are as {@link GitIndex} has them.
 *
 * @param changed files to be put in place, new or other than before
 * @param added the paths of those at which nothing was
 * @param deleted what has to go first
 * @param emptied folders that nothing is left in, the deepest first
 */
record TreeDelta(List<Entry> changed, List<String> added, List<String> deleted, List<String> emptied) {

    /** All of a tree, for a place that is empty. */
    static TreeDelta all(GitIndex tree) {
        return new TreeDelta(tree.files(), List.of(), List.of(), List.of());
    }

    static TreeDelta between(GitIndex before, GitIndex after) {
        List<Entry> old = before.files();
        List<Entry> now = after.files();
        var changed = new ArrayList<Entry>();
        var added = new ArrayList<String>();
        var deleted = new ArrayList<String>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            int order = i == old.size()
                    ? 1
                    : j == now.size()
                            ? -1
                            : old.get(i).path().compareTo(now.get(j).path());
            if (order < 0) {
                deleted.add(old.get(i++).path());
            } else if (order > 0) {
                added.add(now.get(j).path());
                changed.add(now.get(j++));
            } else {
                if (!old.get(i).sameContent(now.get(j))) {
                    changed.add(now.get(j));
                }
                i++;
                j++;
            }
        }
        List<String> emptied = emptied(deleted, now);
        deleted.addAll(foldersThatBecameFiles(changed, old));
        return new TreeDelta(List.copyOf(changed), List.copyOf(added), List.copyOf(deleted), emptied);
    }

    /** The same, and the named paths put back as that tree has them. */
    TreeDelta restoring(List<String> touched, GitIndex after) {
        var named = new TreeSet<>(touched);
        var more = new ArrayList<>(changed);
        changed.forEach(entry -> named.remove(entry.path()));
        for (Entry entry : after.files()) {
            if (named.remove(entry.path())) {
                more.add(entry);
            }
        }
        var gone = new ArrayList<>(deleted);
        named.removeAll(deleted);
        gone.addAll(named);
        gone.addAll(filesThatBecameFolders(named, after));
        return new TreeDelta(List.copyOf(more), added, List.copyOf(gone), emptied);
    }

    private static List<String> emptied(List<String> deleted, List<Entry> now) {
        var paths = new TreeSet<String>();
        now.forEach(entry -> paths.add(entry.path()));
        var folders =
                new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(path -> path));
        for (String path : deleted) {
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                String folder = path.substring(0, slash);
                String next = paths.ceiling(folder + "/");
                if (next != null && next.startsWith(folder + "/") || !folders.add(folder)) {
                    break;
                }
            }
        }
        return List.copyOf(folders);
    }

    private static List<String> filesThatBecameFolders(Iterable<String> touched, GitIndex after) {
        var files = new TreeSet<String>();
        after.files().forEach(entry -> files.add(entry.path()));
        var folders = new TreeSet<String>();
        for (String path : touched) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (files.contains(path.substring(0, slash))) {
                    folders.add(path.substring(0, slash));
                }
            }
        }
        return List.copyOf(folders);
    }

    /** Such a folder may hold files that git ignores, which would keep the new file out. */
    private static List<String> foldersThatBecameFiles(List<Entry> changed, List<Entry> old) {
        var paths = new TreeSet<String>();
        old.forEach(entry -> paths.add(entry.path()));
        return changed.stream()
                .map(Entry::path)
                .filter(path -> {
                    String below = paths.ceiling(path + "/");
                    return below != null && below.startsWith(path + "/");
                })
                .toList();
    }
}
