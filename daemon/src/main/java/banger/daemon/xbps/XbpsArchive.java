package banger.daemon.xbps;

import banger.daemon.archive.Decompression;
import banger.daemon.archive.FileTaker;
import banger.daemon.archive.PackageTar;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@code .xbps}: a compressed tar archive of the package's files, of {@code props.plist}, which tells what it is, and
 * of {@code files.plist}, which has a SHA-256 of every file.
 */
public final class XbpsArchive {
    private static final String PROPS = "props.plist";
    private static final String FILES = "files.plist";
    private static final Set<String> OWN_FILES = Set.of(PROPS, FILES, "INSTALL", "REMOVE");
    private static final int MAX_LIST_BYTES = 32 << 20;

    private final Path file;

    public XbpsArchive(Path file) {
        this.file = file;
    }

    /**
     * What the package says about itself.
     *
     * @param name without its version, such as {@code linux6.6}
     * @param depends patterns of packages, such as {@code linux-base>=2021}
     */
    public record Properties(String name, String version, String architecture, List<String> depends) {}

    /** Reads {@code props.plist}. @throws Problem where the package has none that can be read */
    public Properties properties() throws IOException {
        Map<?, ?> props = list(PROPS);
        Object depends = props.get("run_depends");
        return new Properties(
                required(props, "pkgname"),
                required(props, "version"),
                required(props, "architecture"),
                depends instanceof List<?> each
                        ? each.stream().map(String::valueOf).toList()
                        : List.of());
    }

    /** The SHA-256 of every file, by its name without the leading slash. */
    public Map<String, String> digests() throws IOException {
        Map<String, String> digests = new HashMap<>();
        if (list(FILES).get("files") instanceof List<?> files) {
            for (Object each : files) {
                if (each instanceof Map<?, ?> entry
                        && entry.get("file") instanceof String name
                        && entry.get("sha256") instanceof String digest) {
                    digests.put(name.replaceFirst("^/+", ""), digest);
                }
            }
        }
        return digests;
    }

    /** Hands over every regular file that the package would install, in the order of the archive. */
    public void forEachFile(FileTaker taker) throws IOException {
        try (InputStream in = open()) {
            PackageTar.forEachFile(in, file, (name, content) -> {
                if (!OWN_FILES.contains(name)) {
                    taker.take(name, content);
                }
            });
        } catch (IllegalArgumentException e) {
            throw notOne("its archive is damaged: " + e.getMessage());
        }
    }

    private Map<?, ?> list(String wanted) throws IOException {
        byte[] xml;
        try (InputStream in = open()) {
            xml = PackageTar.find(in, file, Set.of(wanted), MAX_LIST_BYTES).get(wanted);
        } catch (IOException | IllegalArgumentException e) {
            throw notOne("its archive is damaged: " + e.getMessage());
        }
        if (xml == null) {
            throw notOne("it has no " + wanted);
        }
        try {
            return PropertyList.dict(xml);
        } catch (IOException e) {
            throw notOne("its " + wanted + " cannot be read: " + e.getMessage());
        }
    }

    private String required(Map<?, ?> props, String key) {
        if (props.get(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw notOne("its " + PROPS + " names no " + key);
    }

    private InputStream open() throws IOException {
        return Decompression.of(Files.newInputStream(file));
    }

    private Problem notOne(String reason) {
        return new Problem(Problem.Kind.FAILED, file + " is not a usable xbps package: " + reason);
    }
}
