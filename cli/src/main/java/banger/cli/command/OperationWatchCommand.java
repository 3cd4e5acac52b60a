package banger.cli.command;

import banger.cli.text.Age;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Follows an operation until it ends. */
@CommandDefinition(name = "watch", description = "Follow an operation until it ends; exit 1 where it fails.")
public final class OperationWatchCommand extends CliCommand {
    private static final String PATH = "operation watch";

    @Arguments(index = "0..*", description = "the operation's id")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        OperationRef operation = new OperationRef(OnlyWord.of(PATH, "an operation's id", words));
        try (var daemon = session.connect()) {
            var view = Foreground.follow(session, daemon, operation);
            session.output().line(view.subject());
            session.output().note(view.kind() + ": done in " + Age.elapsed(view.elapsedMillis()));
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "OPERATION";
    }

    @Override
    public String examples() {
        return """
                id=$(banger vm create --detach) && banger operation watch $id
                """;
    }
}
