package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.progress.Operations;
import banger.cli.session.ExitCode;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Follows a long operation on the user's terminal; Ctrl-C leaves it to the daemon. */
final class Foreground {
    private Foreground() {}

    /** What is done meanwhile. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Shows the stages until the operation is done. Ctrl-C meanwhile ends the CLI and says how to come back. */
    static OperationView follow(Session session, DaemonConnection daemon, OperationRef operation) throws IOException {
        return follow(session, daemon, operation, () -> detach(session, operation), "INT");
    }

    /** The same with another answer to those signals; it runs on a thread of its own. */
    static OperationView follow(
            Session session, DaemonConnection daemon, OperationRef operation, Runnable onSignal, String... signals)
            throws IOException {
        return during(
                () -> Operations.requireDone(Operations.follow(daemon, operation, session.stages())),
                onSignal,
                signals);
    }

    /** Does the work with that answer to those signals. */
    static <T> T during(Work<T> work, Runnable onSignal, String... signals) throws IOException {
        List<SignalHandler> before = new ArrayList<>();
        for (String signal : signals) {
            before.add(Signal.handle(new Signal(signal), received -> onSignal.run()));
        }
        try {
            return work.run();
        } finally {
            for (int i = 0; i < signals.length; i++) {
                Signal.handle(new Signal(signals[i]), before.get(i));
            }
        }
    }

    /** Ends the CLI and says how to see the operations' ends. */
    static void detach(Session session, OperationRef... operations) {
        session.output().note("\nbanger: the operation goes on without you");
        for (OperationRef operation : operations) {
            session.output().note("  try: banger operation watch " + operation.operation());
        }
        session.halt().accept(ExitCode.INTERRUPTED);
    }
}
