package banger.cli.command;

import banger.wire.rpc.Methods;
import java.io.IOException;
import org.aesh.command.CommandDefinition;

/** Takes a VM back to a snapshot. */
@CommandDefinition(name = "restore", description = "Take a VM back to a snapshot; what it did since is lost.")
public final class SnapshotRestoreCommand extends SnapshotCommand {
    @Override
    public int run(Session session) throws IOException {
        return run(session, "vm snapshot restore", Methods.SNAPSHOT_RESTORE, "restored");
    }

    @Override
    public String examples() {
        return """
                banger vm snapshot restore beta before-upgrade
                """;
    }
}
