package banger.daemon.driver.firecracker;

import banger.daemon.driver.firecracker.standin.StandIn;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes program files that a driver takes for Firecracker and its jailer, and that run the stand-in. */
public final class StandInProgram {
    private StandInProgram() {}

    public static Path in(Path folder, String version) throws IOException {
        return firecracker(folder, version, System.getProperty("java.class.path"));
    }

    /** Both programs, as any user of the host can run them. */
    static Path withJailer(Path folder, String version, Path cgroups) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        script(folder.resolve("jailer"), JAILER.formatted(version, cgroups));
        return firecracker(folder, version, readableClassPath(folder.resolve("classes")));
    }

    private static Path firecracker(Path folder, String version, String classPath) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return script(folder.resolve("firecracker"), """
                #!/bin/sh
                [ "$1" = --version ] && echo "Firecracker v%s" && exit 0
                exec %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx64m -Dstandin.version=%s -cp '%s' %s "$@"
                """.formatted(
                        version, java, version, classPath, StandIn.class.getName()));
    }

    /**
     * What the jailer does (docs/jailer.md of its releases), but for the chroot and the device files: folders below the
     * base by program and id, a copy of the program, another user, a cgroup. What it does not know it refuses.
     */
    private static final String JAILER = """
            #!/bin/sh
            die() { echo "Jailer error: $1" >&2; exit 1; }
            [ "$1" = --version ] && echo "Jailer v%s" && exit 0
            while [ $# -gt 0 ]; do
                case $1 in
                --id) id=$2 ;; --exec-file) exec=$2 ;; --uid) uid=$2 ;; --gid) gid=$2 ;; --chroot-base-dir) base=$2 ;;
                --cgroup-version) [ "$2" = 2 ] || die "cgroup version" ;; --parent-cgroup) parent=$2 ;;
                --cgroup) case $2 in *?=?*) limit=$2 ;; *) die "Invalid format for cgroups: $2" ;; esac ;;
                --) shift; break ;;
                *) die "Found argument '$1' which wasn't expected" ;;
                esac
                shift 2
            done
            case $id in ''|*[!A-Za-z0-9-]*) die "Invalid instance ID: $id" ;; esac
            case ${exec##*/} in *firecracker*) ;; *) die "Invalid filename: $exec" ;; esac
            [ -f "$exec" ] || die "$exec is not a file"
            [ -d "$base" ] || die "$base is not a directory"
            [ "$uid" -ge 0 ] && [ "$gid" -ge 0 ] || die "Invalid uid or gid"
            root=$base/${exec##*/}/$id/root
            mkdir -p "$root" && cp "$exec" "$root/" || die "copy"
            chmod 755 "$root/${exec##*/}"
            [ -z "$limit" ] || mkdir -p "%s/$parent/$id" || die "cgroup"
            cd "$root" || die "chroot"
            for folder in . dev dev/net run; do mkdir -p $folder; chmod 700 $folder; chown "$uid:$gid" $folder; done
            for device in dev/net/tun dev/kvm; do
                [ -e $device ] && die "Failed to create $device via mknod inside the jail: File exists (os error 17)"
                : > $device
            done
            exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all -- "./${exec##*/}" --id "$id" \\
                --start-time-us 1 --start-time-cpu-us 1 --parent-cpu-time-us 1 "$@"
            """;

    /** The class path, copied to where another user can read it. */
    private static String readableClassPath(Path folder) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path entry = Path.of(each);
            boolean needed =
                    Files.isDirectory(entry) || entry.getFileName().toString().matches("(avaje|wire).*");
            if (needed && Files.exists(entry)) {
                Path copy = folder.resolve(Integer.toString(copies.size()));
                copyTree(entry, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path copy = to.resolve(from.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy);
            }
        }
    }

    private static Path script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }
}
