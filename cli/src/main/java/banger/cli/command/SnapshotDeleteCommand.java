package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Deletes a snapshot of a VM. */
@CommandDefinition(name = "delete", description = "Delete a snapshot of a VM.")
public final class SnapshotDeleteCommand extends CliCommand {
    @Arguments(index = "0..*", description = "the VM and the snapshot's name")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != 2) {
            throw CliFailure.usage("vm snapshot delete", "give a VM and a snapshot's name");
        }
        try (var daemon = session.connect()) {
            var request = new SnapshotRef(words.getFirst(), words.getLast());
            Foreground.follow(session, daemon, daemon.call(Methods.SNAPSHOT_DELETE, request));
            session.output().line(words.getLast() + ": deleted");
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
                banger vm snapshot delete beta before-upgrade
                """;
    }
}
