package banger.cli.command;

import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;

/** Checks the settings without using them. */
@CommandDefinition(name = "check", description = "Check the settings, and list all that is wrong with them.")
public final class ConfigCheckCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        return DaemonProgram.run(session, List.of("config", "check"));
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger config check
                """;
    }
}
