package banger.cli.command;

import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Starts the daemon where none runs. */
@CommandDefinition(
        name = "start",
        description = "Start the daemon where none runs. Other commands do so by themselves.")
public final class DaemonStartCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        session.connect().close();
        session.output().line("the daemon runs");
        return 0;
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger daemon start
                """;
    }
}
