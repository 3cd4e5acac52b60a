package banger.daemon.debian;

import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The host's apt with lists and downloads in a folder of banger's own: it needs no root, and neither uses nor changes
 * the system's lists. Proxies, certificates and other settings are the host's; signatures are checked as always.
 */
public final class PrivateApt {
    private static final Duration UPDATE_BOUND = Duration.ofMinutes(10);
    private static final Duration DOWNLOAD_BOUND = Duration.ofMinutes(20);

    private final Path folder;
    private final DebianRelease release;

    /** @param folder where lists and downloads are kept from one time to the next */
    public PrivateApt(Path folder, DebianRelease release) {
        this.folder = folder;
        this.release = release;
    }

    /** The sources' file. */
    public Path sources() {
        return folder.resolve("debian.sources");
    }

    /** Downloaded packages, which may be used again. */
    public Path archives() {
        return folder.resolve("archives");
    }

    /** Fetches the lists of packages. */
    public void update(Progress progress) {
        try {
            for (Path each : List.of(lists().resolve("partial"), archives().resolve("partial"))) {
                Files.createDirectories(each);
            }
            Files.writeString(sources(), release.sourcesText());
            Files.writeString(folder.resolve("status"), "");
            Files.writeString(configuration(), configurationText());
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "preparing " + folder);
        }
        apt("apt-get", "--error-on=any", "update")
                .within(UPDATE_BOUND)
                .until(progress::cancelled)
                .succeed();
    }

    /**
     * The name and version of the package that a package without content of its own stands for.
     *
     * @param name such as {@code linux-image-cloud-amd64}
     * @param dependency what the wanted dependency's name looks like
     */
    public DebianPackage dependency(String name, Pattern dependency) {
        String shown = apt("apt-cache", "show", "--no-all-versions", name).succeed();
        String depends = shown.lines()
                .filter(line -> line.startsWith("Depends: "))
                .findFirst()
                .orElse("");
        Matcher found = Pattern.compile("(?<name>" + dependency.pattern() + ") \\(= (?<version>[^)\\s]+)\\)")
                .matcher(depends);
        if (!found.find()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the package " + name + " of " + release.suite() + " depends on no package like " + dependency
                            + ": \"" + depends + "\"");
        }
        return new DebianPackage(found.group("name"), found.group("version"));
    }

    /** Downloads the package, which {@link #update} must have found; the file is checked against the signed list. */
    public Path download(DebianPackage wanted, Progress progress) {
        // apt takes a file that is there for granted only after it has checked its digest.
        apt("apt-get", "download", wanted.name() + "=" + wanted.version())
                .in(archives())
                .within(DOWNLOAD_BOUND)
                .until(progress::cancelled)
                .succeed();
        try (Stream<Path> files = Files.list(archives())) {
            return files.filter(file -> file.getFileName().toString().startsWith(wanted.fileNameStart()))
                    .findFirst()
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.FAILED, "apt-get download left no file of " + wanted + " in " + archives()));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "looking for " + wanted.name());
        }
    }

    private Path lists() {
        return folder.resolve("lists");
    }

    private Path configuration() {
        return folder.resolve("apt.conf");
    }

    private Command apt(String program, String... arguments) {
        return Command.of(
                Stream.concat(Stream.of(program, "-q", "-c", configuration().toString()), Stream.of(arguments))
                        .toList());
    }

    private String configurationText() {
        // Hooks of the host's configuration are for the host's system. The sandbox's user could not enter a home.
        return """
                #clear APT::Update::Pre-Invoke;
                #clear APT::Update::Post-Invoke;
                #clear APT::Update::Post-Invoke-Success;
                Dir::State "%1$s";
                Dir::State::lists "%1$s/lists";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s";
                Dir::Cache::archives "%1$s/archives";
                Dir::Etc::sourcelist "%1$s/debian.sources";
                Dir::Etc::sourceparts "/dev/null";
                APT::Sandbox::User "";
                Acquire::Languages "none";
                Acquire::Retries "2";
                Acquire::http::Timeout "30";
                Acquire::https::Timeout "30";
                """.formatted(folder);
    }
}
