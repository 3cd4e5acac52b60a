package banger.daemon.debian;

import banger.daemon.problem.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The files inside a {@code .deb}: an ar archive (deb(5)) whose member {@code data.tar.*} holds them. */
public final class DebArchive {
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private final Path file;

    public DebArchive(Path file) {
        this.file = file;
    }

    /** Takes one regular file of the package. */
    public interface FileTaker {
        /** @param name relative, without {@code ..} @param content to be read before it returns, or left */
        void take(String name, InputStream content) throws IOException;
    }

    /** Hands over every regular file in the order of the archive. */
    public void forEachFile(FileTaker taker) throws IOException {
        try (var members = new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            ArArchiveEntry member;
            while ((member = members.getNextEntry()) != null) {
                if (member.getName().startsWith("data.tar")) {
                    readTar(new TarArchiveInputStream(decompressed(members, member.getName())), taker);
                    return;
                }
            }
        }
        throw new Problem(Problem.Kind.FAILED, file + " is not a Debian package: it has no data.tar");
    }

    private static void readTar(TarArchiveInputStream tar, FileTaker taker) throws IOException {
        TarArchiveEntry entry;
        while ((entry = tar.getNextEntry()) != null) {
            if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
                taker.take(safeName(entry.getName()), tar);
            }
        }
    }

    private static String safeName(String name) {
        Path path = Path.of(name).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            throw new Problem(Problem.Kind.FAILED, "the package holds a file outside of its root: " + name);
        }
        return path.toString();
    }

    private InputStream decompressed(InputStream member, String name) throws IOException {
        return switch (name) {
            case "data.tar" -> member;
            case "data.tar.gz" -> new GzipCompressorInputStream(member);
            case "data.tar.xz" -> new XZCompressorInputStream(member, false, XZ_MEMORY_KIB);
            default ->
                throw new Problem(
                        Problem.Kind.FAILED,
                        file + " is compressed in a way that banger does not read: " + name
                                + " (expected xz, gz or none, as Debian's own packages are)");
        };
    }
}
