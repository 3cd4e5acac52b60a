package banger.cli.progress;

import banger.cli.daemon.DaemonConnection;
import banger.cli.daemon.RpcFailure;
import banger.cli.session.CliFailure;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.OutputEvent;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.RpcError;
import java.io.EOFException;
import java.io.IOException;

/** Follows operations to their ends. */
public final class Operations {
    private Operations() {}

    /** Shows the operation's stages until it ends, however that is. */
    public static OperationView follow(DaemonConnection daemon, OperationRef operation, StageDisplay display)
            throws IOException {
        try (display) {
            return watch(daemon, operation, display);
        } catch (EOFException e) {
            throw new CliFailure(
                    "the daemon ended before it told the outcome; the next one finishes or undoes what was under way",
                    "banger ps; banger daemon logs");
        }
    }

    private static OperationView watch(DaemonConnection daemon, OperationRef operation, StageDisplay display)
            throws IOException {
        return daemon.call(Methods.OPERATION_WATCH, operation, notification -> {
            String params = notification.params();
            if (params == null) {
                return;
            }
            switch (notification.method()) {
                case Methods.STAGE -> display.show(JsonLines.read(StageEvent.class, params));
                case Methods.OUTPUT ->
                    display.output(JsonLines.read(OutputEvent.class, params).text());
                default -> {
                    // A newer daemon tells more than this program knows of.
                }
            }
        });
    }

    /** The view, where the operation is done. @throws CliFailure that says why, where it failed or was cancelled */
    public static OperationView requireDone(OperationView view) {
        if (view.state().equals("done")) {
            return view;
        }
        RpcError error = view.error();
        if (error != null) {
            throw new RpcFailure(error);
        }
        throw new CliFailure(view.kind() + " of " + view.subject() + " was " + view.state(), null);
    }
}
