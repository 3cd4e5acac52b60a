package banger.cli.daemon;

import banger.cli.session.CliFailure;
import banger.cli.unit.DaemonUnit;
import banger.wire.rpc.DaemonMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the daemon in a session of its own and waits until it answers. */
public final class DaemonStarter {
    /** How long a daemon may take from its start until its socket accepts connections. */
    static final Duration START_BOUND = Duration.ofSeconds(15);
    /** After our daemon has ended: how long another client's daemon, which it may have yielded to, has to answer. */
    private static final Duration YIELD_BOUND = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int LOG_LINES_SHOWN = 15;

    private final Places places;
    private final Map<String, String> environment;
    private final Duration bound;

    public DaemonStarter(Places places, Map<String, String> environment) {
        this(places, environment, START_BOUND);
    }

    DaemonStarter(Places places, Map<String, String> environment, Duration bound) {
        this.places = places;
        this.environment = environment;
        this.bound = bound;
    }

    /** Greets whatever daemon runs. */
    interface Greeting {
        Daemon.@Nullable Greeted tryOnce() throws IOException;
    }

    /** Starts a daemon and greets it, or one that somebody else started meanwhile. */
    Daemon.Greeted start(Greeting greeting) throws IOException {
        Path log = places.daemonLog();
        Path folder = log.getParent();
        if (folder != null) {
            makePrivate(folder);
        }
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        Process process = startedAsUnit() ? null : launch(log);
        long deadline = System.nanoTime() + bound.toNanos();
        boolean ended = false;
        while (true) {
            Daemon.Greeted greeted = greeting.tryOnce();
            if (greeted != null) {
                return greeted;
            }
            if (!ended && process != null && !process.isAlive()) {
                ended = true;
                // One that somebody else has started may still be at its start.
                if (process.exitValue() != DaemonMessages.EXIT_ANOTHER_RUNS) {
                    deadline = Math.min(deadline, System.nanoTime() + YIELD_BOUND.toNanos());
                }
            }
            if (System.nanoTime() > deadline) {
                throw failure(
                        process != null && ended ? "ended with code " + process.exitValue() : notInTime(process),
                        log,
                        logStart);
            }
            pause();
        }
    }

    /** The daemon would make its folders for the user alone, but its log is there before it runs. */
    private static void makePrivate(Path folder) throws IOException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new CliFailure("cannot make " + folder + ": " + e.getMessage(), "banger doctor");
        }
    }

    private String notInTime(@Nullable Process process) {
        String who = process == null ? DaemonUnit.NAME : "process " + process.pid();
        return "did not answer within " + bound.toSeconds() + " s (" + who + ")";
    }

    /** Where the user has the daemon as a unit that would be started just as here, it is the manager's to keep. */
    private boolean startedAsUnit() throws IOException {
        Path home = places.distribution();
        if (home == null || !environment.containsKey("HOME")) {
            return false;
        }
        DaemonUnit unit = DaemonUnit.ofUser(home.resolve("bin").resolve("bangerd"), environment);
        return unit.isCurrent() && unit.manager().did("start", DaemonUnit.NAME);
    }

    private Process launch(Path log) throws IOException {
        Path home = places.distribution();
        Path program = home == null ? null : home.resolve("bin").resolve("bangerd");
        if (program == null || !Files.isExecutable(program)) {
            throw new CliFailure(
                    "no daemon runs, and there is none to start" + (program == null ? "" : " at " + program),
                    "start the bin/banger of a whole distribution");
        }
        // The process must outlive this terminal, so it leaves its session.
        return new ProcessBuilder(List.of("setsid", program.toString()))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true)
                .start();
    }

    private CliFailure failure(String what, Path log, long logStart) {
        StringBuilder message = new StringBuilder("the daemon ").append(what);
        try {
            for (String line : new LogTail(log).linesFrom(logStart, LOG_LINES_SHOWN)) {
                message.append("\n  | ").append(line);
            }
        } catch (IOException e) {
            message.append("; its log cannot be read: ").append(e.getMessage());
        }
        return new CliFailure(message.toString(), "banger daemon logs, or banger doctor");
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure("interrupted", null);
        }
    }
}
