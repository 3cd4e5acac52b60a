package banger.cli.command;

import banger.cli.daemon.DaemonConnection;
import banger.cli.daemon.RpcFailure;
import banger.cli.exec.GuestStream;
import banger.cli.exec.RawTerminal;
import banger.cli.exec.SignalForwarding;
import banger.cli.exec.StreamOutcome;
import banger.cli.session.CliFailure;
import banger.cli.session.ExitCode;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.Exec;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs one command in a VM with our standard streams, and turns its end into an exit code. */
final class GuestCommand {
    private static final String NEVER_RAN = " (the command never ran)";

    private final Session session;

    GuestCommand(Session session) {
        this.session = session;
    }

    /** Runs it; a terminal that it asks for gets the size and the type of ours. */
    int run(Exec exec) throws IOException {
        Exec request = exec.tty() ? withTerminal(exec) : exec;
        try (DaemonConnection daemon = connect()) {
            StreamOpened opened = open(daemon, request);
            if (opened.notice() != null) {
                session.output().note("banger: " + opened.notice());
            }
            GuestStream stream = new GuestStream(daemon.frameReader(), daemon.frameWriter(), opened.channel());
            SignalForwarding.install(stream);
            return exitCode(exec.vm(), exec.tty() ? runOnTerminal(stream, request) : runOnPipes(stream, request));
        }
    }

    /** Codes below 125 belong to the command in the guest, so ours must not look like one of them. */
    static int exitCodeOf(CliFailure failure) {
        return failure.exitCode() < ExitCode.EXEC_FAILURE ? ExitCode.EXEC_FAILURE : failure.exitCode();
    }

    private DaemonConnection connect() {
        try {
            return session.connect();
        } catch (IOException e) {
            throw neverRan(new CliFailure("cannot reach the daemon: " + e.getMessage(), "banger daemon status"));
        } catch (CliFailure e) {
            throw neverRan(e);
        }
    }

    private static StreamOpened open(DaemonConnection daemon, Exec request) {
        try {
            return daemon.call(Methods.VM_EXEC, request);
        } catch (RpcFailure e) {
            if (e.is(ErrorCode.COMMAND_NOT_FOUND)) {
                throw new CliFailure(ExitCode.NOT_FOUND, e.text(), e.hint());
            }
            if (e.is(ErrorCode.COMMAND_NOT_EXECUTABLE)) {
                throw new CliFailure(ExitCode.NOT_EXECUTABLE, e.text(), e.hint());
            }
            if (e.is(ErrorCode.OUTCOME_UNKNOWN)) {
                throw outcomeUnknown(request.vm(), e.text());
            }
            throw neverRan(e);
        } catch (IOException e) {
            // The request may have reached the guest before the connection broke.
            throw outcomeUnknown(request.vm(), String.valueOf(e.getMessage()));
        }
    }

    private StreamOutcome runOnPipes(GuestStream stream, Exec request) {
        if (request.stdin()) {
            stream.forward(session.input());
        }
        return stream.run(session.output().out(), session.output().err());
    }

    private StreamOutcome runOnTerminal(GuestStream stream, Exec request) {
        if (!session.terminals().input()) {
            return runOnPipes(stream, request);
        }
        SignalForwarding.onWindowChange(() -> {
            RawTerminal.Size size = RawTerminal.size();
            stream.resize(size.columns(), size.rows());
        });
        if (!request.stdin()) {
            return runOnPipes(stream, request);
        }
        try (RawTerminal terminal = RawTerminal.open()) {
            return runOnPipes(stream, request);
        }
    }

    private int exitCode(String vm, StreamOutcome outcome) {
        return switch (outcome) {
            case StreamOutcome.Exited(int status) -> status;
            case StreamOutcome.Killed(int signal) -> ExitCode.SIGNAL_BASE + signal;
            case StreamOutcome.OutputClosed() -> ExitCode.OUTPUT_CLOSED;
            case StreamOutcome.Broken(String reason) -> throw outcomeUnknown(vm, reason);
        };
    }

    private Exec withTerminal(Exec exec) {
        RawTerminal.Size size = session.terminals().input() ? RawTerminal.size() : new RawTerminal.Size(80, 24);
        List<String> env = new ArrayList<>(exec.env());
        String term = session.environment().get("TERM");
        if (term != null && env.stream().noneMatch(entry -> entry.startsWith("TERM="))) {
            env.add("TERM=" + term);
        }
        return exec.onTerminal(env, size.columns(), size.rows());
    }

    private static CliFailure neverRan(CliFailure cause) {
        String text = cause.text();
        if (text.contains(" never ran")) {
            return new CliFailure(ExitCode.EXEC_FAILURE, text, cause.hint());
        }
        int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
        return new CliFailure(
                ExitCode.EXEC_FAILURE, text.substring(0, end) + NEVER_RAN + text.substring(end), cause.hint());
    }

    private static CliFailure outcomeUnknown(String vm, String reason) {
        return new CliFailure(
                ExitCode.EXEC_FAILURE,
                "the stream to " + vm + " broke: " + reason
                        + " (outcome unknown: the command may have run, or may still run)",
                "banger vm show " + vm);
    }
}
