package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.session.ExitCode;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import java.io.IOException;
import sun.misc.Signal;

/** Follows a long operation on the user's terminal; Ctrl-C leaves it to the daemon. */
final class Foreground {
    private Foreground() {}

    /** Shows the stages until the operation is done. Ctrl-C meanwhile ends the CLI and says how to come back. */
    static OperationView follow(Session session, DaemonConnection daemon, OperationRef operation) throws IOException {
        return follow(session, daemon, operation, () -> {
            session.output().note("\nbanger: the operation goes on without you");
            session.output().note("  try: banger operation watch " + operation.operation());
            session.halt().accept(ExitCode.INTERRUPTED);
        });
    }

    /** The same with another answer to Ctrl-C. */
    static OperationView follow(
            Session session, DaemonConnection daemon, OperationRef operation, Runnable onInterrupt) throws IOException {
        Signal interrupt = new Signal("INT");
        var before = Signal.handle(interrupt, signal -> onInterrupt.run());
        try {
            return Operations.requireDone(Operations.follow(daemon, operation, session.stages()));
        } finally {
            Signal.handle(interrupt, before);
        }
    }
}
