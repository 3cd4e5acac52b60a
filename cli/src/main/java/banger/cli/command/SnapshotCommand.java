package banger.cli.command;

import banger.cli.session.CliFailure;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.Method;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.aesh.command.option.Arguments;

/** What is done with one snapshot of a VM. */
abstract class SnapshotCommand extends CliCommand {
    private static final int WORDS = 2;

    @Arguments(index = "0..*", description = "the VM and the snapshot's name")
    List<String> words = new ArrayList<>();

    /** @param outcome the word for success, such as {@code "kept"} @return the exit code */
    final int run(Session session, String path, Method<SnapshotRef, OperationRef> method, String outcome)
            throws IOException {
        if (words.size() != WORDS) {
            throw CliFailure.usage(path, "give a VM and a snapshot's name");
        }
        try (var daemon = session.connect()) {
            var request = new SnapshotRef(words.getFirst(), words.getLast());
            Foreground.follow(session, daemon, daemon.call(method, request));
            session.output().line(words.getLast() + ": " + outcome);
            return 0;
        }
    }

    @Override
    public final String synopsis() {
        return "VM SNAPSHOT";
    }
}
