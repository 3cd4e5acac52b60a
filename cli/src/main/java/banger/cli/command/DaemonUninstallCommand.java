package banger.cli.command;

import banger.cli.session.ExitCode;
import banger.cli.unit.DaemonUnit;
import java.io.IOException;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Takes the daemon's unit away. */
@CommandDefinition(
        name = "uninstall",
        description = "Take away the unit that daemon install wrote, and stop its daemon. VMs and all data stay.")
public final class DaemonUninstallCommand extends CliCommand {
    @Option(name = "system", hasValue = false, description = "that of the host's daemon; as root")
    boolean system;

    @Override
    public int run(Session session) throws IOException {
        DaemonUnit unit = DaemonUnits.of(session, system);
        DaemonUnits.requireRights(session, system, "banger daemon uninstall");
        if (!unit.isInstalled()) {
            session.output().line(unit.file() + ": not there");
            return ExitCode.OK;
        }
        boolean answers = unit.manager().answers();
        if (answers) {
            unit.manager().require("disable", "--now", DaemonUnit.NAME);
        }
        unit.remove();
        if (answers) {
            unit.manager().require("daemon-reload");
        }
        session.output().line(unit.file() + ": removed");
        return ExitCode.OK;
    }

    @Override
    public String synopsis() {
        return "[--system]";
    }

    @Override
    public String examples() {
        return """
                banger daemon uninstall
                sudo banger daemon uninstall --system
                """;
    }
}
