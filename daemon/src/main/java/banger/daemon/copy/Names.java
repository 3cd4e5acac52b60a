package banger.daemon.copy;

import banger.daemon.archive.TarEntry;
import banger.daemon.problem.Problem;

/** What a copy and its entries are called. */
final class Names {
    private Names() {}

    /**
     * What a copy of that path is called inside of an existing folder; empty where the content is meant ({@code /.}), or
     * the path names no more than a home or a root.
     *
     * @throws Problem INVALID_ARGUMENT where its end is {@code ..}
     */
    static String inFolder(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String name = path.substring(path.lastIndexOf('/', end - 1) + 1, end);
        if (name.equals("..")) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    path + " ends with .., so that the copy has no name",
                    "name the folder itself");
        }
        return name.equals(".") ? "" : name;
    }

    /** The entry as part of a copy that is called so while it is on its way. @param folder whether it is a folder's */
    static TarEntry under(String copy, TarEntry entry, boolean folder) {
        TarEntry placed = entry.named(!folder || entry.name().isEmpty() ? copy : copy + "/" + entry.name());
        return entry.kind() == TarEntry.Kind.HARD_LINK ? placed.linkedTo(copy + "/" + entry.link()) : placed;
    }
}
