package banger.cli.daemon;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The few places on the host that the CLI needs; the daemon has the same rules (docs/rpc.md, docs/on-disk.md).
 *
 * @param sshConfig the ssh configuration that the daemon keeps
 * @param distribution the folder that holds {@code bin/bangerd}, where the launcher told it
 */
public record Places(
        Path socket,
        Path daemonLog,
        Path sshConfig,
        @Nullable Path distribution) {
    /** Names the socket of a daemon that somebody else keeps, such as the host's own. */
    public static final String SOCKET_VARIABLE = "BANGER_SOCKET";

    /** Set by the launcher. */
    public static final String HOME_PROPERTY = "banger.home";

    /** The kernel's limit on a unix socket's path: 108 bytes with the closing NUL. */
    private static final int MOST_SOCKET_PATH_BYTES = 107;

    public static Places of(Map<String, String> environment, @Nullable String distribution) {
        String given = environment.get(SOCKET_VARIABLE);
        Path socket = isAbsolute(given)
                ? Path.of(given)
                : runtimeFolder(environment.get("XDG_RUNTIME_DIR")).resolve("bangerd.sock");
        String home = environment.getOrDefault("HOME", "/");
        String state = environment.get("XDG_STATE_HOME");
        Path stateFolder = isAbsolute(state) ? Path.of(state) : Path.of(home, ".local", "state");
        String config = environment.get("XDG_CONFIG_HOME");
        Path configFolder = isAbsolute(config) ? Path.of(config) : Path.of(home, ".config");
        return new Places(
                socket,
                stateFolder.resolve("banger").resolve("bangerd.log"),
                configFolder.resolve("banger").resolve("ssh").resolve("config"),
                distribution == null ? null : Path.of(distribution));
    }

    /** The socket. @throws CliFailure where the kernel takes no path of that length */
    public Path usableSocket() {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_SOCKET_PATH_BYTES) {
            throw new CliFailure(
                    "the socket path " + socket + " has " + bytes + " bytes, at most " + MOST_SOCKET_PATH_BYTES,
                    "set XDG_RUNTIME_DIR, or " + SOCKET_VARIABLE
                            + " where that names it, to something shorter, such as /run/user/UID");
        }
        return socket;
    }

    private static Path runtimeFolder(@Nullable String variable) {
        if (isAbsolute(variable)) {
            return Path.of(variable).resolve("banger");
        }
        Object uid = uid();
        Path login = Path.of("/run/user/" + uid);
        if (Files.isWritable(login)) {
            return login.resolve("banger");
        }
        Path folder = Path.of("/tmp/banger-" + uid);
        requirePrivate(folder, uid);
        return folder;
    }

    /** In /tmp anybody can make a folder of that name first, and would own the socket that we then speak to. */
    private static void requirePrivate(Path folder, Object uid) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
            boolean others =
                    mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE);
            if (others
                    || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !uid.equals(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                throw new CliFailure(
                        folder + " is not a private folder of user " + uid, "set XDG_RUNTIME_DIR to a folder of yours");
            }
        } catch (IOException e) {
            throw new CliFailure("cannot look at " + folder + ": " + e.getMessage(), null);
        }
    }

    private static Object uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new CliFailure("cannot tell the user's id from /proc/self: " + e.getMessage(), "set XDG_RUNTIME_DIR");
        }
    }

    /** The XDG specification: a relative path is to be ignored. */
    private static boolean isAbsolute(@Nullable String path) {
        return path != null && path.startsWith("/");
    }
}
