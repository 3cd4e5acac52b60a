package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The distribution's {@code bangerd}, for what it does in a process of its own and without a daemon. */
final class DaemonProgram {
    private DaemonProgram() {}

    /** Where it is. @throws CliFailure where it is not */
    static Path of(Session session) {
        Path home = session.places().distribution();
        Path program = home == null ? null : home.resolve("bin").resolve("bangerd");
        if (program == null || !Files.isExecutable(program)) {
            throw new CliFailure(
                    "there is no bangerd beside this banger", "start the bin/banger of a whole distribution");
        }
        return program;
    }

    /** Runs it on this terminal; its exit code. */
    static int run(Session session, List<String> words) throws IOException {
        Path program = of(session);
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(words);
        try {
            return new ProcessBuilder(line).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }
}
