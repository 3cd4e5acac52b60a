package banger.daemon.kernel;

import banger.daemon.archive.FileTaker;
import banger.daemon.debian.DebArchive;
import banger.daemon.xbps.XbpsArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A distribution's package that may hold a kernel, or parts of one.
 *
 * @param depends names of the packages that it needs
 * @param digests of its files by name, as it tells them itself
 * @param algorithm of the digests, as Java calls it
 */
record KernelPackage(
        Path file,
        String name,
        String version,
        List<String> depends,
        Map<String, String> digests,
        String algorithm,
        Content content) {
    private static final Pattern VERSIONED =
            Pattern.compile("(?<name>[^\\s<>=(]+?)(-[0-9][^-<>=]*_[0-9]+)?([\\s<>=(].*)?");

    /** Its files. */
    interface Content {
        void forEachFile(FileTaker taker) throws IOException;
    }

    static KernelPackage deb(Path file) throws IOException {
        DebArchive archive = new DebArchive(file);
        Map<String, String> control = archive.control();
        return new KernelPackage(
                file,
                control.getOrDefault("Package", file.getFileName().toString()),
                control.getOrDefault("Version", "unknown"),
                Stream.of(control.getOrDefault("Pre-Depends", ""), control.getOrDefault("Depends", ""))
                        .flatMap(field -> Stream.of(field.split("[,|]")))
                        .map(each -> nameOf(each.strip()))
                        .filter(each -> !each.isEmpty())
                        .toList(),
                archive.md5Sums(),
                "MD5",
                archive::forEachFile);
    }

    static KernelPackage xbps(Path file) throws IOException {
        XbpsArchive archive = new XbpsArchive(file);
        XbpsArchive.Properties properties = archive.properties();
        return new KernelPackage(
                file,
                properties.name(),
                properties.version(),
                properties.depends().stream().map(KernelPackage::nameOf).toList(),
                archive.digests(),
                "SHA-256",
                archive::forEachFile);
    }

    /** The name in a dependency: {@code a} of {@code a>=1}, {@code a-1.0_1} and {@code a (= 1)}. */
    static String nameOf(String dependency) {
        Matcher matcher = VERSIONED.matcher(dependency);
        return matcher.matches() ? matcher.group("name") : "";
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
