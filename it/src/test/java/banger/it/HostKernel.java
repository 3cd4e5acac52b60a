package banger.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The kernel of a home's debian image, as files of the host: what tests make kernels of other kinds from. */
final class HostKernel {
    private HostKernel() {}

    /** The uncompressed kernel. */
    static Path in(Home home) {
        return bundle(home).resolve("vmlinux");
    }

    /** Puts the kernel's modules below that folder, and returns the folder named by its version. */
    static Path modulesIn(Home home, Path folder) throws IOException {
        Files.createDirectories(folder);
        Command.ok(
                "debugfs",
                "-R",
                "rdump / " + folder,
                bundle(home).resolve("modules.ext4").toString());
        Command.ok("rm", "-rf", folder.resolve("lost+found").toString());
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.findFirst().orElseThrow();
        }
    }

    private static Path bundle(Home home) {
        try (Stream<Path> bundles = Files.list(home.data().resolve("kernels"))) {
            return bundles.filter(each -> each.getFileName().toString().startsWith("debian-"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
