package banger.cli.command;

import banger.cli.daemon.LogTail;
import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Option;

/** Prints the daemon's log; no daemon needs to run. */
@CommandDefinition(name = "logs", description = "Print the end of the daemon's log.")
public final class DaemonLogsCommand extends CliCommand {
    private static final String PATH = "daemon logs";
    private static final int MOST_LINES = 10_000;

    @Option(name = "follow", shortName = 'f', hasValue = false, description = "go on as more is written")
    boolean follow;

    @Option(name = "lines", shortName = 'n', description = "how many lines (100)")
    String lines = "100";

    @Override
    public int run(Session session) throws IOException {
        int count = Numbers.between(PATH, "--lines", lines, 0, MOST_LINES);
        Path log = session.places().daemonLog();
        if (!Files.exists(log)) {
            throw new CliFailure("the daemon has written no log at " + log, "banger daemon start");
        }
        LogTail tail = new LogTail(log);
        session.output().print(tail.last(count));
        while (follow) {
            session.output().print(tail.awaitMore());
        }
        return 0;
    }

    @Override
    public String synopsis() {
        return "[-f] [-n LINES]";
    }

    @Override
    public String examples() {
        return """
                banger daemon logs
                banger daemon logs -f -n 20
                """;
    }
}
