package banger.cli.command;

import banger.cli.progress.Operations;
import banger.cli.session.ExitCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Stops an operation and waits until what it did is undone. */
@CommandDefinition(name = "cancel", description = "Stop an operation and undo what it did.")
public final class OperationCancelCommand extends CliCommand {
    private static final String PATH = "operation cancel";

    @Arguments(index = "0..*", description = "the operation's id")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        OperationRef operation = new OperationRef(OnlyWord.of(PATH, "an operation's id", words));
        try (var daemon = session.connect()) {
            daemon.call(Methods.OPERATION_CANCEL, operation);
            OperationView view = Operations.follow(daemon, operation, session.stages());
            session.output().line(view.operation() + ": " + view.state());
            return view.state().equals("cancelled") ? ExitCode.OK : ExitCode.FAILURE;
        }
    }

    @Override
    public String synopsis() {
        return "OPERATION";
    }

    @Override
    public String examples() {
        return """
                banger operation cancel $(banger vm create --detach)
                """;
    }
}
