package banger.daemon.debian;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The Debian release that this host uses, with the sources that its apt is configured to take it from.
 */
public final class DebianRelease {
    private static final List<String> BRANCHES = List.of("", "-updates", "-security", "/updates");
    /** For hosts that follow a moving name, or that are not Debian but have a Debian source. */
    private static final List<String> NAMES =
            List.of("stable", "bookworm", "trixie", "forky", "testing", "sid", "unstable", "oldstable");

    private final String suite;
    private final List<AptSource> sources;

    private DebianRelease(String suite, List<AptSource> sources) {
        this.suite = suite;
        this.sources = sources;
    }

    /** @throws Problem MISSING_REQUIREMENT where the host's apt has no source of Debian */
    public static DebianRelease ofHost() {
        return of(Path.of("/etc/apt"), Path.of("/etc/os-release"));
    }

    static DebianRelease of(Path apt, Path osRelease) {
        List<AptSource> all = AptSourceReader.readAll(apt);
        String codename = codename(osRelease);
        for (String name : java.util.stream.Stream.concat(java.util.stream.Stream.of(codename), NAMES.stream())
                .toList()) {
            List<AptSource> found = withSuites(all, name, true);
            if (!found.isEmpty()) {
                return new DebianRelease(name, found);
            }
        }
        // A mirror that its owner signed anew has a keyring of another name, and yet the release's own.
        List<AptSource> resigned = withSuites(all, codename, false);
        if (resigned.isEmpty() || !isDebian(osRelease)) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "apt has no source of a Debian release on this host (looked in " + apt + ")",
                    "add a Debian mirror to /etc/apt/sources.list.d, signed by"
                            + " /usr/share/keyrings/debian-archive-keyring.gpg");
        }
        return new DebianRelease(codename, resigned);
    }

    public String suite() {
        return suite;
    }

    /** The sources in the deb822 format, for a file whose name ends in {@code .sources}. */
    public String sourcesText() {
        return sources.stream().map(AptSource::stanza).collect(Collectors.joining("\n"));
    }

    private static List<AptSource> withSuites(List<AptSource> all, String name, boolean debiansOnly) {
        List<String> suites = BRANCHES.stream().map(branch -> name + branch).toList();
        boolean hasBase = all.stream()
                .anyMatch(source -> source.suites().contains(name) && (!debiansOnly || source.mayBeDebians()));
        if (name.isEmpty() || !hasBase) {
            return List.of();
        }
        return all.stream()
                .filter(source -> !debiansOnly || source.mayBeDebians())
                .map(source -> source.onlyMainOf(suites))
                .filter(source -> !source.suites().isEmpty())
                .toList();
    }

    private static String codename(Path osRelease) {
        return value(osRelease, "VERSION_CODENAME");
    }

    private static boolean isDebian(Path osRelease) {
        return value(osRelease, "ID").equals("debian");
    }

    private static String value(Path osRelease, String name) {
        try {
            return Files.readAllLines(osRelease).stream()
                    .filter(line -> line.startsWith(name + "="))
                    .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
