package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces in which a program is root over files of many owners: those of the real root, or, for an ordinary user, a
 * user namespace with the user's subordinate ids.
 *
 * <p>Mounts and processes of such a program end with it, and it ends when it is killed from outside.
 */
public final class RootNamespace {
    private static final List<String> SHARED = List.of("--mount", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final List<String> USER = List.of("--user", "--map-root-user", "--map-auto");

    private final List<String> prefix;

    private RootNamespace(List<String> prefix) {
        this.prefix = List.copyOf(prefix);
    }

    /** Checks by a trial that this user can have one. @throws Problem MISSING_REQUIREMENT with the command that helps */
    public static RootNamespace open() {
        boolean root = HostPaths.uid() == 0;
        List<String> prefix = new ArrayList<>(List.of("unshare"));
        if (!root) {
            if (Programs.find("newuidmap").isEmpty()) {
                throw new Problem(
                        Problem.Kind.MISSING_REQUIREMENT,
                        "the program newuidmap, which user namespaces need, is not installed",
                        "sudo apt-get install uidmap");
            }
            prefix.addAll(USER);
        }
        prefix.addAll(SHARED);
        Commands.Result trial = Command.of("true").under(prefix).run();
        if (trial.status() != 0) {
            throw refused(root, trial.errors().strip());
        }
        return new RootNamespace(prefix);
    }

    /** The command, to be run as root of the namespace. */
    public Command enter(Command command) {
        return command.under(prefix);
    }

    private static Problem refused(boolean root, String said) {
        if (root) {
            return new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    "this root user may not make namespaces: " + said,
                    "run banger outside of the container, or give the container CAP_SYS_ADMIN");
        }
        String user = System.getProperty("user.name", "$USER");
        return new Problem(
                Problem.Kind.MISSING_REQUIREMENT,
                "this user may not make a user namespace with subordinate ids: " + said,
                hasSubordinateIds(user)
                        ? "sudo sysctl -w kernel.unprivileged_userns_clone=1"
                                + " kernel.apparmor_restrict_unprivileged_userns=0 (what the host knows of these)"
                        : "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + user);
    }

    private static boolean hasSubordinateIds(String user) {
        for (String file : List.of("/etc/subuid", "/etc/subgid")) {
            try {
                if (Files.readAllLines(Path.of(file)).stream().noneMatch(line -> line.startsWith(user + ":"))) {
                    return false;
                }
            } catch (java.io.IOException e) {
                return false;
            }
        }
        return true;
    }
}
