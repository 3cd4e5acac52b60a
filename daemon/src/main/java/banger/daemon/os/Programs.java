package banger.daemon.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the host keeps its programs, and which Debian package brings one that is missing. */
public final class Programs {
    /** An ordinary user's PATH often lacks these, and yet mke2fs and depmod are there. */
    private static final List<String> ADMINISTRATION = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("apt-cache", "apt"),
            Map.entry("apt-config", "apt"),
            Map.entry("apt-get", "apt"),
            Map.entry("debugfs", "e2fsprogs"),
            Map.entry("depmod", "kmod"),
            Map.entry("dumpe2fs", "e2fsprogs"),
            Map.entry("mke2fs", "e2fsprogs"),
            Map.entry("mmdebstrap", "mmdebstrap"),
            Map.entry("newuidmap", "uidmap"),
            Map.entry("resize2fs", "e2fsprogs"),
            Map.entry("unshare", "util-linux"),
            Map.entry("zstd", "zstd"));

    private Programs() {}

    /** The program's file: itself where it is a path, else the first on PATH or in a folder for administration. */
    public static Optional<Path> find(String name) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name)).filter(Files::isExecutable);
        }
        List<String> folders = new ArrayList<>(List.of(
                System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")));
        folders.addAll(ADMINISTRATION);
        return folders.stream()
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** The Debian package that brings the program. */
    public static String packageOf(String name) {
        return PACKAGES.getOrDefault(name, name);
    }
}
