package banger.cli.command;

import banger.wire.Build;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Prints the build of this CLI, and of the daemon that runs. */
@CommandDefinition(name = "version", description = "Print the build of this banger, and of the daemon that runs.")
public final class VersionCommand extends CliCommand {
    @Override
    public int run(Session session) throws IOException {
        session.output().line("banger " + Build.current().id());
        var greeted = session.daemon().greetRunning();
        if (greeted != null) {
            greeted.connection().close();
            session.output().line("bangerd " + greeted.daemon().build());
        }
        return 0;
    }

    @Override
    public String synopsis() {
        return "";
    }

    @Override
    public String examples() {
        return """
                banger version
                """;
    }
}
