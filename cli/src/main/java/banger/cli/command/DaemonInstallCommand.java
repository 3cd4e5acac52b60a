package banger.cli.command;

import banger.cli.daemon.Places;
import banger.cli.session.ExitCode;
import banger.cli.unit.DaemonUnit;
import banger.cli.unit.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Makes the daemon a unit of systemd. */
@CommandDefinition(
        name = "install",
        description = "Let systemd keep the daemon: write its unit, enable it and start it. VMs go on running.")
public final class DaemonInstallCommand extends CliCommand {
    private static final Path LINGERING = Path.of("/var/lib/systemd/linger");

    @Option(
            name = "system",
            hasValue = false,
            description = "a daemon of the host's, which starts with it and serves the group banger; as root")
    boolean system;

    @Option(name = "print", hasValue = false, description = "print the unit, and change nothing")
    boolean print;

    @Override
    public int run(Session session) throws IOException {
        DaemonUnit unit = DaemonUnits.of(session, system);
        if (print) {
            session.output().print(unit.text());
            return ExitCode.OK;
        }
        DaemonUnits.requireRights(session, system, "banger daemon install");
        unit.write();
        session.output().line(unit.file() + ": written");
        if (system) {
            Systemd.makeGroup(DaemonUnit.GROUP);
        }
        if (!unit.manager().answers()) {
            session.output().note(system ? "systemd does not run here" : "no systemd of this user runs here");
            session.output()
                    .note("  try: " + unit.manager().typed("enable", "--now", DaemonUnit.NAME) + ", once it does");
            return ExitCode.OK;
        }
        start(session, unit);
        session.output().line(DaemonUnit.NAME + ": enabled and started");
        advise(session);
        return ExitCode.OK;
    }

    private void start(Session session, DaemonUnit unit) throws IOException {
        unit.manager().require("daemon-reload");
        unit.manager().require("enable", DaemonUnit.NAME);
        if (!system) {
            // One that a command has started owns the store, and the unit's could not.
            var greeted = session.daemon().greetRunning();
            if (greeted != null) {
                session.daemon().stop(greeted);
            }
        }
        unit.manager().require("restart", DaemonUnit.NAME);
        if (!system) {
            session.connect().close();
        }
    }

    private void advise(Session session) {
        if (system) {
            session.output()
                    .note("members of the group " + DaemonUnit.GROUP + " may do by it what root may; their"
                            + " commands find it with " + Places.SOCKET_VARIABLE + "=/run/banger/bangerd.sock");
        } else if (!Files.exists(LINGERING.resolve(System.getProperty("user.name", "")))) {
            session.output().note("it ends with your last session, and your VMs with it");
            session.output().note("  try: loginctl enable-linger, to have both from the host's start on");
        }
    }

    @Override
    public String synopsis() {
        return "[--system] [--print]";
    }

    @Override
    public String examples() {
        return """
                banger daemon install
                banger daemon install --print
                sudo banger daemon install --system
                """;
    }
}
