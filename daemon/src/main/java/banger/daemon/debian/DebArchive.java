package banger.daemon.debian;

import banger.daemon.archive.Decompression;
import banger.daemon.archive.FileTaker;
import banger.daemon.archive.PackageTar;
import banger.daemon.problem.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;

/**
 * A {@code .deb}: an ar archive (deb(5)) whose member {@code control.tar.*} tells what it is, and whose member
 * {@code data.tar.*} holds the files.
 */
public final class DebArchive {
    private static final int MAX_CONTROL_BYTES = 16 << 20;

    private final Path file;

    public DebArchive(Path file) {
        this.file = file;
    }

    /** Hands over every regular file in the order of the archive. */
    public void forEachFile(FileTaker taker) throws IOException {
        if (!readMember("data.tar", content -> PackageTar.forEachFile(content, file, taker))) {
            throw new Problem(Problem.Kind.FAILED, file + " is not a Debian package: it has no data.tar");
        }
    }

    /** What its control file says, by the fields' names; empty where it has none. */
    public Map<String, String> control() throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : controlFile("control").split("\n(?![ \t])")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    /** The MD5 sums of its files by their names, as far as the package names them. */
    public Map<String, String> md5Sums() throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        for (String line : controlFile("md5sums").split("\n")) {
            String[] parts = line.split("\\s+", 2);
            if (parts.length == 2) {
                sums.put(parts[1].strip(), parts[0]);
            }
        }
        return sums;
    }

    private String controlFile(String wanted) throws IOException {
        byte[][] found = {new byte[0]};
        readMember(
                "control.tar",
                content -> found[0] = PackageTar.find(content, file, Set.of(wanted), MAX_CONTROL_BYTES)
                        .getOrDefault(wanted, found[0]));
        return new String(found[0], StandardCharsets.UTF_8);
    }

    private interface Member {
        void read(InputStream content) throws IOException;
    }

    private boolean readMember(String nameStart, Member reader) throws IOException {
        try (var members = new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            ArArchiveEntry member;
            while ((member = members.getNextEntry()) != null) {
                if (member.getName().startsWith(nameStart)) {
                    reader.read(Decompression.of(members));
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Invalid header")) {
                throw new Problem(Problem.Kind.FAILED, file + " is not a Debian package: it is no ar archive", null, e);
            }
            throw e;
        }
    }
}
