package banger.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes Void Linux packages: what xbps-create would write. */
final class Xbps {
    private static final String HEAD = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            """;

    private Xbps() {}

    /** A package of the only kernel in that home: its boot image and all its modules. */
    static Path ofKernelIn(Home home) throws IOException {
        Path root = Files.createDirectories(home.folder().resolve("xbps/root"));
        Path modules = HostKernel.modulesIn(home, root.resolve("usr/lib/modules"));
        String version = modules.getFileName().toString();
        Files.createDirectories(root.resolve("boot"));
        Files.copy(HostKernel.in(home), root.resolve("boot/vmlinux-" + version));
        Files.writeString(root.resolve("props.plist"), HEAD + """
                <dict><key>architecture</key><string>x86_64</string><key>pkgname</key><string>linux6.1</string>
                <key>version</key><string>6.1.99_1</string></dict></plist>
                """);
        Files.writeString(root.resolve("files.plist"), list(root));
        Path xbps = home.folder().resolve("xbps/linux6.1-6.1.99_1.x86_64.xbps");
        Command.ok(
                "tar",
                "--zstd",
                "-C",
                root.toString(),
                "-cf",
                xbps.toString(),
                "./props.plist",
                "./files.plist",
                "./boot",
                "./usr");
        return xbps;
    }

    private static String list(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("props.plist"))
                    .toList();
        }
        var list = new StringBuilder(HEAD + "<dict><key>files</key><array>");
        for (Path file : files) {
            list.append("<dict><key>file</key><string>/")
                    .append(root.relativize(file))
                    .append("</string><key>sha256</key><string>")
                    .append(ContainerImage.sha256(file))
                    .append("</string></dict>\n");
        }
        return list + "</array></dict></plist>";
    }
}
