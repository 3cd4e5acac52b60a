package banger.daemon.image;

import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Tree;
import banger.daemon.os.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which packages an image holds, as the records of its package manager say; nothing of the image is run. */
public final class InstalledPackages {
    private static final long MAX_BYTES = 64L << 20;
    private static final Pattern XBPS = Pattern.compile("<key>pkgver</key>\\s*<string>([^<]+)</string>");

    /** Where a package manager keeps its records, and how they are read. */
    private record Records(String file, Function<String, List<String>> reader) {}

    private static final List<Records> KNOWN = List.of(
            new Records("var/lib/dpkg/status", InstalledPackages::ofDpkg),
            new Records("lib/apk/db/installed", InstalledPackages::ofApk),
            new Records("usr/lib/apk/db/installed", InstalledPackages::ofApk),
            new Records("var/db/xbps/pkgdb-0.38.plist", InstalledPackages::ofXbps));

    private InstalledPackages() {}

    /** The manifest, or null where no package manager is known. @param layers their files, lowest first */
    public static @Nullable PackageManifest of(List<Path> layers) throws IOException {
        for (Records records : KNOWN) {
            // The uppermost layer that has the file has all of it.
            for (Path layer : layers.reversed()) {
                try (Ext4Volume volume = Ext4Volume.open(layer)) {
                    Optional<Entry> file = Tree.file(volume, records.file());
                    if (file.isPresent()) {
                        byte[] text = Tree.content(file.get(), MAX_BYTES);
                        return manifest(records.reader().apply(new String(text, StandardCharsets.UTF_8)));
                    }
                }
            }
        }
        return null;
    }

    private static PackageManifest manifest(List<String> packages) {
        var sorted = new TreeSet<>(packages);
        String text = String.join("\n", sorted) + "\n";
        return new PackageManifest(sorted.size(), Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** dpkg(1)'s status: paragraphs of fields, of which removed packages may have one still. */
    static List<String> ofDpkg(String text) {
        List<String> packages = new ArrayList<>();
        for (String paragraph : text.split("\n\n+")) {
            if (field(paragraph, "Status: ").endsWith(" installed")) {
                packages.add(field(paragraph, "Package: ") + " " + field(paragraph, "Version: ") + " "
                        + field(paragraph, "Architecture: "));
            }
        }
        return packages;
    }

    /** apk(5)'s list: paragraphs whose fields have one letter. */
    static List<String> ofApk(String text) {
        List<String> packages = new ArrayList<>();
        for (String paragraph : text.split("\n\n+")) {
            if (!field(paragraph, "P:").isEmpty()) {
                packages.add(field(paragraph, "P:") + " " + field(paragraph, "V:") + " " + field(paragraph, "A:"));
            }
        }
        return packages;
    }

    static List<String> ofXbps(String text) {
        List<String> packages = new ArrayList<>();
        Matcher matcher = XBPS.matcher(text);
        while (matcher.find()) {
            packages.add(matcher.group(1));
        }
        return packages;
    }

    private static String field(String paragraph, String name) {
        return paragraph
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
