package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
            Map.entry("ip", "iproute2"),
            Map.entry("mke2fs", "e2fsprogs"),
            Map.entry("mmdebstrap", "mmdebstrap"),
            Map.entry("nft", "nftables"),
            Map.entry("newuidmap", "uidmap"),
            Map.entry("qemu-img", "qemu-utils"),
            Map.entry("resize2fs", "e2fsprogs"),
            Map.entry("ssh-keygen", "openssh-client"),
            Map.entry("unshare", "util-linux"),
            Map.entry("zstd", "zstd"));

    private Programs() {}

    /** The program's file: itself where it is a path, else the first on PATH or in a folder for administration. */
    public static Optional<Path> find(String name) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name)).filter(Files::isExecutable);
        }
        return folders().stream()
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Takes out what a daemon that was started inside a git hook would pass on: which repository git is in. */
    static void forgetRepository(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("GIT_") && !name.startsWith("GIT_CONFIG"));
    }

    /** Where programs are looked for: PATH, then the folders for administration. */
    static List<String> folders() {
        String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        return Stream.concat(Stream.of(path.split(":")), ADMINISTRATION.stream())
                .filter(folder -> folder.startsWith("/"))
                .distinct()
                .toList();
    }

    /** The Debian package that brings the program. */
    public static String packageOf(String name) {
        return PACKAGES.getOrDefault(name, name);
    }

    /** The problem to report where the program is missing. */
    public static Problem missing(String name) {
        return new Problem(
                Problem.Kind.MISSING_REQUIREMENT,
                "the program " + name + " is not installed",
                "sudo apt-get install " + packageOf(name));
    }
}
