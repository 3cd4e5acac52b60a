package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path home = session.places().distribution();
        Path program = home == null ? null : home.resolve("bin").resolve("bangerd");
        if (program == null || !Files.isExecutable(program)) {
            throw new CliFailure(
                    "there is no bangerd beside this banger", "start the bin/banger of a whole distribution");
        }
        List<String> line = new ArrayList<>(List.of(program.toString(), "doctor"));
        line.addAll(words);
        try {
            return new ProcessBuilder(line).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
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
