package banger.cli.command;

import banger.cli.text.Age;
import banger.cli.text.Table;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationView;
import java.io.IOException;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;

/** Lists operations, those under way and those that ended lately. */
@CommandDefinition(name = "list", description = "List operations: those under way and those that ended lately.")
public final class OperationListCommand extends CliCommand {
    @Mixin
    ListOptions list = new ListOptions();

    @Override
    public int run(Session session) throws IOException {
        boolean json = list.json("operation list");
        try (var daemon = session.connect()) {
            List<OperationView> operations =
                    daemon.call(Methods.OPERATION_LIST, new Nothing()).operations();
            list.print(
                    session,
                    json,
                    OperationView.class,
                    operations,
                    OperationView::operation,
                    OperationListCommand::table);
            return 0;
        }
    }

    private static String table(List<OperationView> operations) {
        Table table = new Table("OPERATION", "KIND", "SUBJECT", "STATE", ">TOOK", "STAGE");
        for (OperationView operation : operations) {
            table.row(
                    operation.operation(),
                    operation.kind(),
                    operation.subject(),
                    operation.state(),
                    Age.elapsed(operation.elapsedMillis()),
                    operation.stages().isEmpty()
                            ? ""
                            : operation.stages().getLast().stage());
        }
        return table.render();
    }

    @Override
    public String synopsis() {
        return "[--format table|json] [-q]";
    }

    @Override
    public String examples() {
        return """
                banger operation list
                """;
    }
}
