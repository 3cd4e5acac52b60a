package banger.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes Debian packages. */
final class Deb {
    private Deb() {}

    /** A package of the only kernel in that home: its boot image and all its modules, with their MD5 sums. */
    static Path ofKernelIn(Home home) throws IOException {
        Path root = Files.createDirectories(home.folder().resolve("deb"));
        Path modules = HostKernel.modulesIn(home, root.resolve("lib/modules"));
        Files.createDirectories(root.resolve("boot"));
        Files.copy(HostKernel.in(home), root.resolve("boot/vmlinuz-" + modules.getFileName()));
        Files.createDirectories(root.resolve("DEBIAN"));
        Files.writeString(root.resolve("DEBIAN/control"), """
                Package: linux-image-6.1.0-99-cloud-amd64
                Version: 6.1.99-1
                Architecture: amd64
                Maintainer: nobody <nobody@example.org>
                Description: a kernel
                """);
        Path deb = home.folder().resolve("linux-image.deb");
        Command.ok(
                "sh",
                "-euc",
                "cd \"$1\" && find boot lib -type f -exec md5sum {} + >DEBIAN/md5sums"
                        + " && dpkg-deb --root-owner-group -Zgzip -z1 --build . \"$2\"",
                "sh",
                root.toString(),
                deb.toString());
        return deb;
    }
}
