package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Stops the daemon and starts it again; VMs go on. */
@CommandDefinition(name = "restart", description = "Stop the daemon and start it again. VMs go on running.")
public final class DaemonRestartCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        var daemon = session.daemon();
        var greeted = daemon.greetRunning();
        if (greeted != null) {
            daemon.requireSettings(greeted);
            daemon.stop(greeted);
        }
        daemon.connect().close();
        session.output().line("the daemon has been restarted");
        return 0;
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger daemon restart
                """;
    }
}
