package banger.cli.command;

import banger.wire.rpc.Methods;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Deletes a snapshot of a VM. */
@CommandDefinition(name = "delete", description = "Delete a snapshot of a VM.")
public final class SnapshotDeleteCommand extends SnapshotCommand {
    @Override
    public int run(Session session) throws IOException {
        return run(session, "vm snapshot delete", Methods.SNAPSHOT_DELETE, "deleted");
    }

    @Override
    public String examples() {
        return """
                banger vm snapshot delete beta before-upgrade
                """;
    }
}
