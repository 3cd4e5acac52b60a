package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Takes a VM back to a snapshot. */
@CommandDefinition(name = "restore", description = "Take a VM back to a snapshot; what it did since is lost.")
public final class SnapshotRestoreCommand extends CliCommand {
    @Arguments(index = "0..*", description = "the VM and the snapshot's name")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != 2) {
            throw CliFailure.usage("vm snapshot restore", "give a VM and a snapshot's name");
        }
        try (var daemon = session.connect()) {
            var request = new SnapshotRef(words.getFirst(), words.getLast());
            Foreground.follow(session, daemon, daemon.call(Methods.SNAPSHOT_RESTORE, request));
            session.output().line(words.getLast() + ": restored");
            return 0;
        }
    }

    @Override
    public String synopsis() {
        return "VM SNAPSHOT";
    }

    @Override
    public String examples() {
        return """
                banger vm snapshot restore beta before-upgrade
                """;
    }
}
