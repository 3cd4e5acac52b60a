package banger.cli.daemon;

import banger.cli.session.CliFailure;
import banger.cli.session.Output;
import banger.wire.Build;
import banger.wire.rpc.DaemonMessages;
import banger.wire.rpc.DaemonMessages.Hello;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The user's daemon: connects to it, starts it where none runs, and replaces one of an older build. */
public final class Daemon {
    /** How long a daemon that was asked to end may take to finish what it holds. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(30);

    private final Places places;
    private final Output output;
    private final Build build;
    private final Map<String, String> environment;

    public Daemon(Places places, Output output, Build build, Map<String, String> environment) {
        this.places = places;
        this.output = output;
        this.build = build;
        this.environment = environment;
    }

    /** A connection to a daemon of at least our build, past its hello; one is started where none runs. */
    public DaemonConnection connect() throws IOException {
        Greeted greeted = greetRunning();
        if (greeted == null) {
            greeted = start();
        }
        if (!isForeign() && new Build(greeted.daemon().build()).olderThan(build)) {
            output.note("banger: replacing the daemon of the older build "
                    + greeted.daemon().build() + "; VMs go on running");
            stop(greeted);
            greeted = start();
        }
        requireSameProtocol(greeted);
        return greeted.connection();
    }

    private Greeted start() throws IOException {
        if (isForeign()) {
            throw new CliFailure(
                    "no daemon answers at " + places.socket() + ", which " + Places.SOCKET_VARIABLE + " names",
                    "systemctl status bangerd.service, or unset " + Places.SOCKET_VARIABLE);
        }
        return new DaemonStarter(places, environment).start(this::greetRunning);
    }

    /** Whether somebody else starts the daemon, ends it and brings it up to date. */
    private boolean isForeign() {
        return environment.containsKey(Places.SOCKET_VARIABLE);
    }

    /** A connection past its hello to the daemon that runs, of whatever build, or null where none runs. */
    public @Nullable Greeted greetRunning() throws IOException {
        DaemonConnection connection = opened();
        if (connection == null) {
            return null;
        }
        try {
            return greet(connection);
        } catch (EOFException e) {
            // It is ending, and nothing was asked of it yet.
            connection.close();
            return null;
        }
    }

    private @Nullable DaemonConnection opened() throws IOException {
        for (boolean again = false; ; again = true) {
            try {
                return DaemonConnection.open(places.usableSocket());
            } catch (IOException e) {
                if (e instanceof ConnectException || Files.notExists(places.socket())) {
                    return null;
                }
                // A daemon that starts removes the socket of the one before it, and makes its own.
                if (again) {
                    throw new CliFailure(
                            "cannot connect to " + places.socket() + ": " + e.getMessage(),
                            isForeign()
                                    ? "id -Gn, to see whether you are in the group that it serves"
                                    : "banger doctor");
                }
            }
        }
    }

    /**
     * Does nothing where the settings are those of a daemon that could begin; one of another build would not know.
     *
     * @throws CliFailure with their faults
     */
    public void requireSettings(Greeted greeted) throws IOException {
        if (greeted.daemon().build().equals(build.id())) {
            greeted.connection().call(Methods.DAEMON_CHECK, new Nothing());
        }
    }

    /** Asks the daemon to end and waits until it is gone. VMs go on running. */
    public void stop(Greeted greeted) throws IOException {
        try (DaemonConnection connection = greeted.connection()) {
            connection.call(Methods.DAEMON_STOP, new Nothing());
        }
        long pid = greeted.daemon().pid();
        long deadline = System.nanoTime() + STOP_BOUND.toNanos();
        while (runs(pid) || answers()) {
            if (System.nanoTime() > deadline) {
                throw new CliFailure(
                        "the daemon (process " + pid + ") has not ended within " + STOP_BOUND.toSeconds() + " s",
                        "banger operation list, to see what it waits for");
            }
            DaemonStarter.pause();
        }
    }

    /** A connection and who answered its hello. */
    public record Greeted(DaemonConnection connection, HelloReply daemon) {}

    private Greeted greet(DaemonConnection connection) throws IOException {
        Hello hello = new Hello(DaemonMessages.PROTOCOL, build.id());
        return new Greeted(connection, connection.call(Methods.HELLO, hello));
    }

    private void requireSameProtocol(Greeted greeted) {
        int theirs = greeted.daemon().protocol();
        if (theirs != DaemonMessages.PROTOCOL) {
            throw new CliFailure(
                    "the daemon speaks protocol " + theirs + ", this banger " + DaemonMessages.PROTOCOL + " (builds "
                            + greeted.daemon().build() + " and " + build.id() + ")",
                    "use the banger of the newer build");
        }
    }

    /** A zombie, which its parent has not looked at yet, holds nothing any more. */
    private static boolean runs(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1)
                    .contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers() {
        try {
            DaemonConnection.open(places.socket()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
