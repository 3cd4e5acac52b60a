package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.text.Age;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.io.IOException;
import org.aesh.command.option.Option;

/** How a command that makes an image goes on when the daemon has begun: it waits, or leaves it to the daemon. */
public final class ImageMaking {
    @Option(name = "detach", shortName = 'd', hasValue = false, description = "print the operation's id and return")
    boolean detach;

    /** @param done the word for success, such as {@code "ready in"} @return the exit code */
    int finish(Session session, DaemonConnection daemon, OperationRef operation, String done) throws IOException {
        if (detach) {
            session.output().line(operation.operation());
            return 0;
        }
        var view = Foreground.follow(session, daemon, operation);
        session.output().line(view.subject());
        session.output()
                .note(done + " " + Age.elapsed(view.elapsedMillis()) + "; try: banger vm create --image "
                        + view.subject());
        return 0;
    }
}
