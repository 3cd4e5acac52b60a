package banger.daemon.image;

import banger.daemon.debian.AptSettings;
import banger.daemon.debian.PrivateApt;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.RootNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Debian root file system in a folder: installed by mmdebstrap, then made into a microVM's by the resource
 * {@code debian/customize.sh}, which tells what it changes and why. A copy of its {@code /root} is set apart for the work seed.
 */
final class DebianRoot {
    private static final Duration INSTALL_BOUND = Duration.ofMinutes(30);
    /** What nobody reads in a microVM; dpkg leaves it out there later, too. */
    private static final List<String> LEFT_OUT = List.of(
            "/usr/share/doc/*",
            "/usr/share/info/*",
            "/usr/share/man/*",
            "/usr/share/locale/*",
            "/usr/share/lintian/*",
            "/usr/share/bug/*",
            "/usr/lib/udev/hwdb.d/*");

    private final Path folder;
    private final RootNamespace namespace;

    /** @param folder empty, of the caller's; it gets the folders {@code root} and {@code home} */
    DebianRoot(Path folder, RootNamespace namespace) {
        this.folder = folder;
        this.namespace = namespace;
    }

    /** The file system. */
    Path root() {
        return folder.resolve("root");
    }

    /** A copy of its {@code /root}. */
    Path home() {
        return folder.resolve("home");
    }

    void install(PrivateApt apt, Progress progress) throws IOException {
        Path script = resource("customize.sh");
        List<String> argv = new ArrayList<>(List.of(
                "mmdebstrap",
                // Root of the namespace, whether or not it is the host's root.
                "--mode=root",
                "--variant=apt",
                "--format=directory",
                // Device nodes cannot be made in a user namespace, and the guest's /dev is a devtmpfs.
                "--skip=output/dev,output/mknod",
                "--include=" + DebianPackages.names(),
                "--aptopt=APT::Install-Recommends \"false\"",
                "--customize-hook=sh \"$BANGER_CUSTOMIZE\" \"$1\""));
        new AptSettings().lines().forEach(setting -> argv.add("--aptopt=" + setting));
        LEFT_OUT.forEach(pattern -> argv.add("--dpkgopt=path-exclude=" + pattern));
        // An empty suite: the sources' file names it.
        argv.addAll(List.of("", root().toString(), apt.sources().toString()));
        enter(Command.of(argv), progress)
                .with("TMPDIR", folder.toString())
                .with("BANGER_CUSTOMIZE", script.toString())
                .within(INSTALL_BOUND)
                .onLine(line -> tell(line, progress))
                .succeed();
        enter(
                        Command.of(
                                "sh",
                                "-ec",
                                "cp -a --reflink=auto \"$1/root\" \"$2\"",
                                "sh",
                                root().toString(),
                                home().toString()),
                        progress)
                .succeed();
    }

    private Command enter(Command command, Progress progress) {
        return namespace.enter(command).until(progress::cancelled);
    }

    private static void tell(String line, Progress progress) {
        if (line.startsWith("I: running --customize-hook")) {
            progress.stage("packages", "making it a microVM's");
        } else if (line.startsWith("I: ") && !line.startsWith("I: success")) {
            progress.stage("packages", line.substring(3));
        }
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = DebianRoot.class.getResourceAsStream("debian/" + name)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks its resource debian/" + name);
            }
            Files.copy(in, file);
        }
        return file;
    }
}
