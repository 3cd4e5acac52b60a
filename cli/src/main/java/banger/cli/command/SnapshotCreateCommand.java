package banger.cli.command;

import banger.wire.rpc.Methods;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Keeps a point to which a VM can be taken back. */
@CommandDefinition(
        name = "create",
        description = "Keep a point to which a VM can be taken back: its disks, and its memory where it runs.")
public final class SnapshotCreateCommand extends SnapshotCommand {
    @Override
    public int run(Session session) throws IOException {
        return run(session, "vm snapshot create", Methods.SNAPSHOT_CREATE, "kept");
    }

    @Override
    public String examples() {
        return """
                banger vm snapshot create beta before-upgrade
                """;
    }
}
