package banger.cli.command;

import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Runs the daemon's own diagnosis, in a process of its own, so that it also serves where no daemon can start. */
@CommandDefinition(
        name = "doctor",
        description =
                "Check the host: what is there, what is missing, which driver is chosen and why. Changes nothing. "
                        + "Exits with 0 where all is well, 1 with warnings, 2 with failures.")
public final class DoctorCommand extends CliCommand {
    @Option(name = "json", hasValue = false, description = "one JSON object instead of lines")
    boolean json;

    @Override
    public int run(Session session) throws IOException {
        return DaemonProgram.run(session, json ? List.of("doctor", "--json") : List.of("doctor"));
    }

    @Override
    public String synopsis() {
        return "[--json]";
    }

    @Override
    public String examples() {
        return """
                banger doctor
                banger doctor --json
                """;
    }
}
