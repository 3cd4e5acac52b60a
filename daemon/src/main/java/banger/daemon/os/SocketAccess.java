package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to the daemon's socket: its user (and root), or the members of one group as well.
 *
 * @param group null where it is the user alone
 */
public record SocketAccess(@Nullable GroupPrincipal group) {
    public static final SocketAccess OWNER = new SocketAccess(null);

    private static final String VARIABLE = "BANGER_SOCKET_GROUP";

    /** What the environment says. @throws Problem INVALID_ARGUMENT where there is no such group */
    public static SocketAccess of(Map<String, String> environment) {
        String name = environment.get(VARIABLE);
        if (name == null || name.isEmpty()) {
            return OWNER;
        }
        try {
            return new SocketAccess(
                    Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    VARIABLE + " names the group " + name + ", which this host does not have",
                    "groupadd --system " + name,
                    e);
        }
    }

    /** Lets them reach the socket by its name, and neither list its folder nor reach the VMs' own sockets. */
    public void open(HostPaths paths) {
        if (group == null) {
            return;
        }
        Path folder = paths.runtime();
        try {
            Path vms = Files.createDirectories(paths.vmRuntimes());
            Files.setPosixFilePermissions(vms, PosixFilePermissions.fromString("rwx------"));
            give(folder, "rwx--x---");
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "cannot give " + folder + " to the group " + group.getName() + ": " + e.getMessage(),
                    "run the daemon as root, or as a member of that group",
                    e);
        }
    }

    /** Lets them connect to the socket, and nobody else. */
    public void openSocket(Path socket) throws IOException {
        give(socket, group == null ? "rw-------" : "rw-rw----");
    }

    private void give(Path file, String mode) throws IOException {
        if (group != null) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
