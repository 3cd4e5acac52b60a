package banger.daemon.workspace;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.util.Set;

/** Checks where in a guest a workspace may be. */
final class GuestPath {
    /** Folders of every system, which no repository may take the place of. */
    private static final Set<String> SYSTEM = Set.of(
            "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root",
            "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var");

    private static final int MAX_CHARS = 1024;

    private GuestPath() {}

    /** The path without a slash at its end. @throws Problem INVALID_ARGUMENT */
    static String checked(String path) {
        boolean plain = path.startsWith("/")
                && path.length() <= MAX_CHARS
                && path.chars().noneMatch(each -> each < ' ');
        for (String name : path.split("/")) {
            plain &= !name.equals("..") && !name.equals(".");
        }
        if (!plain) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + GuestWork.readable(path)
                            + "\" is no path for a workspace: expected an absolute one without . or ..",
                    "--guest-path /root/repo");
        }
        String normal = Path.of(path).normalize().toString();
        if (SYSTEM.contains(normal)
                || normal.startsWith("/proc/")
                || normal.startsWith("/sys/")
                || normal.startsWith("/dev/")) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "a workspace cannot take the place of the guest's " + normal,
                    "--guest-path /root/repo");
        }
        return normal;
    }
}
