package banger.cli.command;

import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;

/** Prints every setting as it holds now. */
@CommandDefinition(name = "show", description = "Print every setting as it holds now.")
public final class ConfigShowCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        return DaemonProgram.run(session, List.of("config", "show"));
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger config show
                """;
    }
}
