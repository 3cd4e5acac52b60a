package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.unit.DaemonUnit;
import banger.cli.unit.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The unit that a command is about, and who may change it. */
final class DaemonUnits {
    private DaemonUnits() {}

    static DaemonUnit of(Session session, boolean system) {
        Path program = DaemonProgram.of(session);
        return system
                ? DaemonUnit.ofHost(program, session.environment())
                : DaemonUnit.ofUser(program, session.environment());
    }

    /** Fails before anything is changed where the host has no systemd, or the user no right to it. */
    static void requireRights(Session session, boolean system, String command) throws IOException {
        if (!Systemd.isHere(session.environment().getOrDefault("PATH", ""))) {
            throw new CliFailure(
                    "this host has no systemd: there is no systemctl on PATH",
                    "banger daemon start; other commands start the daemon by themselves, too");
        }
        if (system && !Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            throw new CliFailure("only root may change the units of the host", "sudo " + command + " --system");
        }
    }
}
