package banger.cli.command;

import banger.cli.daemon.Daemon;
import banger.cli.daemon.DaemonConnection;
import banger.cli.daemon.Places;
import banger.cli.progress.LiveStages;
import banger.cli.progress.PlainStages;
import banger.cli.progress.StageDisplay;
import banger.cli.session.Output;
import banger.cli.session.Terminals;
import banger.wire.Build;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What a command runs with.
 *
 * @param halt ends the program at once with a code; for signal handlers, which have no way to return one
 */
public record Session(
        InputStream input,
        Output output,
        Terminals terminals,
        Map<String, String> environment,
        Places places,
        IntConsumer halt) {

    public Daemon daemon() {
        return new Daemon(places, output, Build.current(), environment);
    }

    /** A connection ready for calls; the daemon is started where none runs. */
    public DaemonConnection connect() throws IOException {
        return daemon().connect();
    }

    /** A live line on a terminal, else plain lines, on standard error. */
    public StageDisplay stages() {
        return terminals.error() ? new LiveStages(output.err()) : new PlainStages(output);
    }
}
