package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Stops the daemon; VMs go on. */
@CommandDefinition(name = "stop", description = "Stop the daemon. VMs go on running, and the next daemon finds them.")
public final class DaemonStopCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        var daemon = session.daemon();
        var greeted = daemon.greetRunning();
        if (greeted == null) {
            session.output().line("no daemon runs");
            return 0;
        }
        daemon.stop(greeted);
        session.output().line("the daemon has stopped");
        return 0;
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger daemon stop
                """;
    }
}
