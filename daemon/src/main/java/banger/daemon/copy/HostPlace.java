package banger.daemon.copy;

import banger.daemon.archive.ArchiveException;
import banger.daemon.archive.TarEntry;
import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Where a copy from a guest goes on the host. It is made in a folder beside that place, and moved there as a whole, or
 * entry by entry where the place is a folder already: nothing is ever written through a symbolic link.
 */
final class HostPlace implements AutoCloseable {
    /** What the copy is called while it is being made. */
    static final String NAME = "c";

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Duration REMOVAL_BOUND = Duration.ofMinutes(10);
    private static final System.Logger LOG = System.getLogger(HostPlace.class.getName());

    private final Path place;
    private final boolean folder;
    private final boolean merge;
    private final Path aside;

    private HostPlace(Path place, boolean folder, boolean merge, Path aside) {
        this.place = place;
        this.folder = folder;
        this.merge = merge;
        this.aside = aside;
    }

    /**
     * Decides as cp does: into a folder that exists, else to that name, whose parent must exist.
     *
     * @param named the destination, as a person wrote it: a slash at its end asks for a folder
     * @param name what the copy is called inside of an existing folder; empty: its content goes there
     * @param folder whether a folder comes, or a file
     */
    static HostPlace of(String named, String name, boolean folder) throws IOException {
        Path asked = Path.of(named);
        boolean into = Files.isDirectory(asked);
        if (!into && named.endsWith("/")) {
            throw refused("there is no folder " + asked);
        }
        Path place = into && !name.isEmpty() ? asked.resolve(name) : asked;
        boolean exists = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
        // What was named may be a link to a folder; what lies in it may not.
        boolean merge = exists && (place.equals(asked) ? Files.isDirectory(place) : isRealFolder(place));
        if (exists && folder && !merge) {
            throw refused(place + " is a " + kind(place) + ", where a folder comes");
        }
        if (merge && !folder) {
            throw refused(place + " is a folder, where a file comes");
        }
        Path parent = merge ? place : place.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw refused("there is no folder " + parent);
        }
        Path aside = Files.createTempDirectory(parent, ".banger-cp.");
        return new HostPlace(place, folder, merge, aside);
    }

    Path aside() {
        return aside;
    }

    /** @throws ArchiveException where the entry cannot go to its place: asked before anything is put there */
    void requireFits(TarEntry entry) throws ArchiveException {
        if (!merge || entry.name().isEmpty()) {
            return;
        }
        Path there = place;
        Path name = Path.of(text(entry));
        for (int i = 0; i < name.getNameCount(); i++) {
            there = there.resolve(name.getName(i));
            if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            // An archive need not have entries for the folders that its files lie in.
            boolean comesFolder = i < name.getNameCount() - 1 || entry.kind() == TarEntry.Kind.FOLDER;
            if (comesFolder != isRealFolder(there)) {
                throw ArchiveException.refused(
                        entry.name(),
                        there + " is a " + kind(there) + ", where a " + (comesFolder ? "folder" : "file") + " comes");
            }
        }
    }

    /** Puts what was made in its place. */
    Path publish() throws IOException {
        Path made = aside.resolve(NAME);
        if (merge) {
            merge(made, place);
        } else if (folder) {
            moveFolder(made, place);
        } else {
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        }
        return place;
    }

    /** Removes what is left beside the place. */
    @Override
    public void close() {
        try {
            // By programs: a name may be no text that Java could speak of, and a folder closed to its owner.
            Command.of("find", aside.toString(), "-type", "d", "-exec", "chmod", "u+rwx", "{}", "+")
                    .within(REMOVAL_BOUND)
                    .run();
            Command.of("rm", "-rf", "--one-file-system", aside.toString())
                    .within(REMOVAL_BOUND)
                    .succeed();
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "{0} is left behind: {1}", aside, e.getMessage());
        }
    }

    private static void merge(Path from, Path to) throws IOException {
        // What lies in it leaves it; its own mode goes with it nowhere, as the folder that is there keeps its own.
        Files.setPosixFilePermissions(from, OWNER);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(from)) {
            for (Path part : parts) {
                Path target = to.resolve(part.getFileName());
                if (!isRealFolder(part)) {
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                } else if (isRealFolder(target)) {
                    merge(part, target);
                } else if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(target + " became a " + kind(target) + ", where a folder comes");
                } else {
                    moveFolder(part, target);
                }
            }
        }
    }

    /** A folder that its owner may not write to cannot change its parent. */
    private static void moveFolder(Path from, Path to) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(from);
        if (mode.contains(PosixFilePermission.OWNER_WRITE)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Set<PosixFilePermission> open = new HashSet<>(mode);
        open.addAll(PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(from, open);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Files.setPosixFilePermissions(to, mode);
    }

    private static boolean isRealFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String kind(Path path) {
        return Files.isSymbolicLink(path) ? "symbolic link" : isRealFolder(path) ? "folder" : "file";
    }

    private static String text(TarEntry entry) throws ArchiveException {
        byte[] bytes = entry.name().getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ArchiveException.refused(
                    entry.name(), "its name is not UTF-8; copy to a folder that does not exist yet");
        }
    }

    private static Problem refused(String why) {
        return new Problem(Problem.Kind.INVALID_ARGUMENT, why);
    }
}
