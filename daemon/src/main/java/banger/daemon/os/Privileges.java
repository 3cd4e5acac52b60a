package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** What this process may do beyond an ordinary user's rights. */
public final class Privileges {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";

    private Privileges() {}

    /** A capability by its number in capability.h of the kernel. */
    public enum Capability {
        CHOWN(0),
        SETGID(6),
        SETUID(7),
        NET_ADMIN(12),
        SYS_CHROOT(18),
        SYS_PTRACE(19),
        SYS_ADMIN(21),
        MKNOD(27);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    /** The user that this process runs as. */
    public static long user() {
        return HostPaths.uid();
    }

    /** Those of the capabilities that this process lacks. */
    public static List<Capability> lacking(List<Capability> wanted) {
        try {
            long held = Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).strip(), 16))
                    .findFirst()
                    .orElse(0L);
            return wanted.stream().filter(each -> (held >> each.bit & 1) == 0).toList();
        } catch (IOException e) {
            return wanted;
        }
    }

    /** Gives the file, or the link itself, to a user and the group of the same number. */
    public static void give(Path file, int id) throws IOException {
        Files.setAttribute(file, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
    }
}
