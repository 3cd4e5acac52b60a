package banger.cli.unit;

import banger.cli.session.CliFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What systemd reads about the daemon (systemd.service(5), systemd.exec(5)). */
public final class UnitText {
    /** The first line of what banger wrote, by which it knows its own. */
    static final String MARK = "# Written by banger daemon install; banger daemon uninstall removes it.";

    /** Where the daemon of the host keeps what is its own; its socket is {@code /run/banger/bangerd.sock}. */
    private static final List<String> PLACES_OF_HOST = List.of(
            "HOME=/var/lib/banger",
            "XDG_CONFIG_HOME=/etc",
            "XDG_STATE_HOME=/var/lib",
            "XDG_DATA_HOME=/var/lib",
            "XDG_CACHE_HOME=/var/cache",
            "XDG_RUNTIME_DIR=/run");

    /** What the daemon goes by that a login shell may have set and a manager of units does not know. */
    private static final List<String> KEPT = List.of(
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR",
            "SSL_CERT_FILE",
            "JAVA_HOME",
            "BANGER_JAVA_HOME");

    private static final List<String> KEPT_OF_HOST = List.of("SSL_CERT_FILE", "JAVA_HOME", "BANGER_JAVA_HOME");

    private UnitText() {}

    /** One user's daemon, with the places that the environment names. */
    static String ofUser(Path program, Map<String, String> environment) {
        return unit(program, "of this user", kept(KEPT, environment), "default.target");
    }

    /** The host's own daemon, which members of the group may use as well as root. */
    static String ofHost(Path program, String group, Map<String, String> environment) {
        String own = PLACES_OF_HOST.stream().map(UnitText::setting).collect(Collectors.joining())
                + kept(KEPT_OF_HOST, environment)
                + setting("BANGER_SOCKET_GROUP=" + group)
                // VMs' sockets are there while no daemon runs.
                + "RuntimeDirectory=banger\nRuntimeDirectoryMode=0710\nRuntimeDirectoryPreserve=yes\n";
        return unit(program, "of this host", own, "multi-user.target");
    }

    private static String kept(List<String> names, Map<String, String> environment) {
        return names.stream()
                .filter(environment::containsKey)
                .map(name -> setting(name + "=" + environment.get(name)))
                .collect(Collectors.joining());
    }

    private static String unit(Path program, String whose, String own, String target) {
        return MARK + """

                [Unit]
                Description=banger's daemon %s, which keeps microVMs
                After=network.target

                [Service]
                Type=exec
                ExecStart=%s
                %s# The daemon ends without its VMs, which the next one finds again.
                KillMode=process
                # A VM that the kernel ends for its memory is no reason to end the daemon.
                OOMPolicy=continue
                # What a JVM ends with that was asked to (SIGTERM).
                SuccessExitStatus=143
                Restart=on-failure
                RestartSec=2

                [Install]
                WantedBy=%s
                """.formatted(whose, quoted(executable(program)), own, target);
    }

    private static String setting(String assignment) {
        return "Environment=" + quoted(assignment) + "\n";
    }

    /** systemd takes no such path, however it is quoted. */
    private static String executable(Path program) {
        String path = program.toString();
        if (path.chars().anyMatch(c -> c == '"' || c == '\'' || c == '\\')) {
            throw new CliFailure(
                    "systemd runs no program whose path has a quote or a backslash: " + path,
                    "move banger's folder to another place");
        }
        return path;
    }

    private static String quoted(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new CliFailure("a unit of systemd cannot hold this, which has a control character: " + text, null);
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
    }
}
