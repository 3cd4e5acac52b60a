package banger.cli.command;

import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;

/** Prints where the settings are read from. */
@CommandDefinition(name = "path", description = "Print where the settings are read from.")
public final class ConfigPathCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        return DaemonProgram.run(session, List.of("config", "path"));
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger config path
                """;
    }
}
