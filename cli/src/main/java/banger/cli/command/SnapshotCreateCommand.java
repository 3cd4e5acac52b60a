package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Methods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;

/** Keeps a point to which a VM can be taken back. */
@CommandDefinition(
        name = "create",
        description = "Keep a point to which a VM can be taken back: its disks, and its memory where it runs.")
public final class SnapshotCreateCommand extends CliCommand {
    @Arguments(index = "0..*", description = "the VM and the snapshot's name")
    List<String> words = new ArrayList<>();

    @Override
    public int run(Session session) throws IOException {
        if (words.size() != 2) {
            throw CliFailure.usage("vm snapshot create", "give a VM and a snapshot's name");
        }
        try (var daemon = session.connect()) {
            var request = new SnapshotRef(words.getFirst(), words.getLast());
            Foreground.follow(session, daemon, daemon.call(Methods.SNAPSHOT_CREATE, request));
            session.output().line(words.getLast() + ": kept");
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
                banger vm snapshot create beta before-upgrade
                """;
    }
}
