package banger.daemon.archive;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The regular files of a package's tar archive; links, folders and the rest are passed over. */
public final class PackageTar {
    private PackageTar() {}

    /** Hands over every regular file in the order of the archive. @param archive what messages call it */
    public static void forEachFile(InputStream tar, Path archive, FileTaker taker) throws IOException {
        TarArchiveInputStream entries = new TarArchiveInputStream(tar);
        TarArchiveEntry entry;
        while ((entry = entries.getNextEntry()) != null) {
            if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
                taker.take(safeName(entry.getName(), archive), entries);
            }
        }
    }

    /**
     * The content of those of the named files that it has. No further than the last of them is read.
     *
     * @throws Problem where one has more than {@code maxBytes}
     */
    public static Map<String, byte[]> find(InputStream tar, Path archive, Set<String> names, int maxBytes)
            throws IOException {
        Map<String, byte[]> found = new HashMap<>();
        TarArchiveInputStream entries = new TarArchiveInputStream(tar);
        TarArchiveEntry entry;
        while (found.size() < names.size() && (entry = entries.getNextEntry()) != null) {
            String name = safeName(entry.getName(), archive);
            if (entry.isFile() && names.contains(name)) {
                if (entry.getSize() > maxBytes) {
                    throw new Problem(
                            Problem.Kind.FAILED,
                            "the package " + archive + " has a file " + name + " of " + entry.getSize()
                                    + " bytes, at most " + maxBytes + " are read");
                }
                found.put(name, entries.readNBytes(maxBytes));
            }
        }
        return found;
    }

    private static String safeName(String name, Path archive) {
        Path path = Path.of(name).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            throw new Problem(
                    Problem.Kind.FAILED, "the package " + archive + " holds a file outside of its root: " + name);
        }
        return path.toString();
    }
}
