package banger.daemon.workspace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a guest's folder holds, as guest-inspect.sh tells it.
 *
 * @param kind what is there
 * @param tips commits that branches of the guest end in
 * @param commits the latest of those made in the guest: each its id, a space, its subject
 * @param files paths that differ from what was prepared; of a foreign folder, what it holds
 * @param uncommitted paths that differ from the guest's HEAD
 * @param contents what is in those of {@code files} that are not large: each its entry in an index, as
 *     {@link GitIndex.Entry#line} has it
 * @param deleted those of {@code files} that the guest has no more
 */
record GuestWork(
        Kind kind,
        List<String> tips,
        List<String> commits,
        List<String> files,
        List<String> uncommitted,
        List<String> contents,
        List<String> deleted) {
    /** What is at the place. */
    enum Kind {
        ABSENT,
        /** A file, or a folder that no preparation has made or that is damaged. */
        FOREIGN,
        WORKSPACE,
        /** A workspace in which so many files differ that only the first of them are told. */
        OVERGROWN
    }

    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
    private static final int MAX_NAMED = 5;
    private static final int SHORT_ID = 12;

    static GuestWork parse(byte[] output, Set<String> nested) {
        List<String> fields = Snapshot.names(output);
        String kind = fields.isEmpty() ? "foreign" : fields.getFirst();
        if (kind.equals("absent")) {
            return without(Kind.ABSENT, List.of());
        }
        int commits = fields.indexOf("commits//");
        int files = fields.indexOf("files//");
        int more = fields.indexOf("more//");
        if (kind.equals("overgrown") && commits >= 1 && files > commits && more > files) {
            return new GuestWork(
                    Kind.OVERGROWN,
                    ids(fields.subList(1, commits)),
                    made(fields.subList(commits + 1, files)),
                    fields.subList(files + 1, more),
                    List.of(),
                    List.of(),
                    List.of());
        }
        int uncommitted = fields.indexOf("uncommitted//");
        int contents = fields.indexOf("contents//");
        int deleted = fields.indexOf("deleted//");
        if (!kind.equals("workspace")
                || commits < 1
                || files < commits
                || uncommitted < files
                || contents < uncommitted
                || deleted < contents) {
            return without(Kind.FOREIGN, rest(fields, 1));
        }
        var changed = new TreeSet<>(fields.subList(files + 1, uncommitted));
        changed.removeAll(nested);
        return new GuestWork(
                Kind.WORKSPACE,
                ids(fields.subList(1, commits)),
                made(fields.subList(commits + 1, files)),
                List.copyOf(changed),
                fields.subList(uncommitted + 1, contents),
                fields.subList(contents + 1, deleted),
                rest(fields, deleted + 1));
    }

    private static List<String> ids(List<String> fields) {
        return fields.stream().filter(GuestWork::isObjectId).toList();
    }

    private static List<String> made(List<String> fields) {
        return fields.stream().filter(GuestWork::isCommit).toList();
    }

    private static GuestWork without(Kind kind, List<String> files) {
        return new GuestWork(kind, List.of(), List.of(), files, List.of(), List.of(), List.of());
    }

    /** Of a workspace, files alone. */
    static GuestWork ignored(List<String> files) {
        return without(Kind.WORKSPACE, List.copyOf(new TreeSet<>(files)));
    }

    private static List<String> rest(List<String> fields, int from) {
        return fields.subList(Math.min(from, fields.size()), fields.size());
    }

    private static boolean isObjectId(String text) {
        return OBJECT_ID.matcher(text).matches();
    }

    private static boolean isCommit(String line) {
        int space = line.indexOf(' ');
        return isObjectId(space < 0 ? line : line.substring(0, space));
    }

    /**
     * The same without what the host has as well: that would not be lost.
     *
     * @param prepared the commit that the last preparation brought, which is no work of the guest's
     * @param tree the host's files
     */
    GuestWork notIn(Repository repository, @Nullable String prepared, GitIndex tree) {
        if (!tips.stream().allMatch(tip -> tip.equals(prepared) || repository.keeps(tip))) {
            return this;
        }
        if (kind != Kind.WORKSPACE) {
            return new GuestWork(kind, List.of(), List.of(), files, uncommitted, contents, deleted);
        }
        var left = new TreeSet<>(files);
        left.retainAll(uncommitted);
        var gone = new HashSet<>(deleted);
        var held = Set.copyOf(contents);
        for (GitIndex.Entry entry : tree.files()) {
            gone.remove(entry.path());
            if (left.contains(entry.path()) && held.contains(entry.line())) {
                left.remove(entry.path());
            }
        }
        left.removeAll(gone);
        return new GuestWork(kind, List.of(), List.of(), List.copyOf(left), uncommitted, contents, deleted);
    }

    boolean isNothing() {
        return tips.isEmpty() && commits.isEmpty() && files.isEmpty();
    }

    /** Names what is there, the first of each. */
    String describe() {
        var parts = new ArrayList<String>();
        if (!tips.isEmpty()) {
            List<String> named = commits.stream().map(GuestWork::shortened).toList();
            parts.add(named.isEmpty() ? "commits" : "commits " + first(named));
        }
        if (!files.isEmpty()) {
            String named = first(files.stream().map(GuestWork::readable).toList());
            parts.add(kind == Kind.OVERGROWN ? "thousands of files, such as " + named : "files " + named);
        }
        return String.join(" and ", parts);
    }

    private static String shortened(String commit) {
        int space = commit.indexOf(' ');
        return commit.substring(0, SHORT_ID) + (space < 0 ? "" : " (" + readable(commit.substring(space + 1)) + ")");
    }

    private static String first(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
        return names.size() > MAX_NAMED ? shown + " and " + (names.size() - MAX_NAMED) + " more" : shown;
    }

    /** A guest's name on one line of a terminal: nothing in it may act as a control sequence. */
    static String readable(String latin1) {
        String text = new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        var shown = new StringBuilder();
        text.codePoints().forEach(each -> {
            if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
                shown.append(String.format("\\x%02x", each));
            } else {
                shown.appendCodePoint(each);
            }
        });
        return shown.toString();
    }
}
