package banger.daemon.archive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an archive may hold, judged entry by entry before anything of the entry is written.
 *
 * <p>Every entry lies inside of one folder, below real folders of the same archive: no absolute name, no {@code ..}, nothing
 * behind a symbolic link. A symbolic link leads to a place inside of that folder. Everything together fits the room.
 */
public final class EntryRules {
    private static final long MAX_ENTRIES = 2_000_000;
    /** Their names are kept, to tell what would be written through them. */
    private static final long MAX_LINK_NAME_BYTES = 24L << 20;

    private static final int MAX_COMPONENT_BYTES = 255;
    /** What an entry takes on a disk besides its content. */
    private static final int ENTRY_BYTES = 4096;

    private static final int PERMISSIONS = 0777;
    private static final int ALL_BITS = 07777;

    private final boolean outwardLinks;
    private final int bits;
    private final Set<String> links = new HashSet<>();
    private long linkNameBytes;
    private long entries;
    private long room;

    private EntryRules(boolean outwardLinks, int bits, long roomBytes) {
        this.outwardLinks = outwardLinks;
        this.bits = bits;
        room = roomBytes;
    }

    /**
     * For what a guest sends: no set-id bits, as its files will belong to the host's user.
     *
     * @param outwardLinks whether symbolic links may point anywhere
     * @param roomBytes what all content together may take
     */
    public static EntryRules ofGuest(boolean outwardLinks, long roomBytes) {
        return new EntryRules(outwardLinks, PERMISSIONS, roomBytes);
    }

    /** For what the host's own tar made: links and modes are the user's business. */
    public static EntryRules ofHost() {
        return new EntryRules(true, ALL_BITS, Long.MAX_VALUE);
    }

    /**
     * The entry as it may be made: its name relative and plain, empty for the folder itself.
     *
     * @throws ArchiveException that names the entry and what is wrong with it
     */
    public TarEntry judge(TarEntry entry) throws ArchiveException {
        if (++entries > MAX_ENTRIES) {
            throw ArchiveException.refused(entry.name(), "there are more than " + MAX_ENTRIES + " entries before it");
        }
        List<String> name = inside(entry, entry.name(), "its name");
        if (entry.kind() != TarEntry.Kind.FOLDER
                && (name.isEmpty() || entry.name().endsWith("/"))) {
            throw ArchiveException.refused(entry.name(), "its name is a folder's");
        }
        notBehindLink(entry, name);
        if (entry.size() > room) {
            throw ArchiveException.refused(
                    entry.name(), "it has " + entry.size() + " bytes, and there is room for " + Math.max(room, 0));
        }
        room -= entry.size() + ENTRY_BYTES;
        TarEntry plain = entry.named(String.join("/", name)).masked(bits);
        return switch (entry.kind()) {
            case FILE, FOLDER -> plain;
            case HARD_LINK -> hardLink(plain, entry);
            case SYMBOLIC_LINK -> symbolicLink(plain, entry, name);
        };
    }

    private TarEntry hardLink(TarEntry plain, TarEntry entry) throws ArchiveException {
        List<String> target = inside(entry, entry.link(), "what it is a hard link to");
        notBehindLink(entry, target);
        if (target.isEmpty()) {
            throw ArchiveException.refused(entry.name(), "it is a hard link to a folder");
        }
        return plain.linkedTo(String.join("/", target));
    }

    private TarEntry symbolicLink(TarEntry plain, TarEntry entry, List<String> name) throws ArchiveException {
        if (entry.link().isEmpty()) {
            throw ArchiveException.refused(entry.name(), "it is a symbolic link to nothing");
        }
        if (!outwardLinks && leadsOutside(entry.link(), name.size() - 1)) {
            throw ArchiveException.outwardLink(entry.name(), entry.link());
        }
        linkNameBytes += plain.name().length();
        if (linkNameBytes > MAX_LINK_NAME_BYTES) {
            throw ArchiveException.refused(entry.name(), "there are too many symbolic links before it");
        }
        links.add(plain.name());
        return plain;
    }

    /**
     * Whether a link's target could be outside.
     *
     * <p>Ways up lead out of real folders only as long as they come first; behind a name they would lead out of whatever
     * that name turns out to be.
     *
     * @param depth how many levels down the real folder is that the link lies in
     */
    public static boolean leadsOutside(String target, int depth) {
        if (target.startsWith("/")) {
            return true;
        }
        int ups = 0;
        boolean named = false;
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                ups++;
                if (named || ups > depth) {
                    return true;
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                named = true;
            }
        }
        return false;
    }

    private static List<String> inside(TarEntry entry, String path, String what) throws ArchiveException {
        if (path.startsWith("/")) {
            throw ArchiveException.refused(entry.name(), what + " begins with a slash");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                throw ArchiveException.refused(entry.name(), what + " has a .. in it");
            }
            if (part.length() > MAX_COMPONENT_BYTES) {
                throw ArchiveException.refused(entry.name(), what + " has a part of " + part.length() + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private void notBehindLink(TarEntry entry, List<String> path) throws ArchiveException {
        if (links.isEmpty()) {
            return;
        }
        StringBuilder prefix = new StringBuilder();
        for (String part : path) {
            prefix.append(prefix.isEmpty() ? "" : "/").append(part);
            if (links.contains(prefix.toString())) {
                throw ArchiveException.refused(
                        entry.name(),
                        "it would be written through the symbolic link \"" + TarEntry.printable(prefix.toString())
                                + "\"");
            }
        }
    }
}
