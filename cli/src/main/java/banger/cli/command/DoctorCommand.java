package banger.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Runs the daemon's own diagnosis, in a process of its own, so that it also serves where no daemon can start. */
@CommandDefinition(
        name = "doctor",
        stopAtFirstPositional = true,
        description = "Check the host: what is there, what is missing, which driver is chosen and why.")
public final class DoctorCommand extends CliCommand {
    @Arguments(index = "0..*", description = "passed on")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        List<String> line = new ArrayList<>(List.of("doctor"));
        line.addAll(words);
        return DaemonProgram.run(session, line);
    }

    @Override
    public String synopsis() {
        return "[options of the diagnosis]";
    }

    @Override
    public String examples() {
        return """
                banger doctor
                """;
    }
}
