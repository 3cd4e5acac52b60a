package banger.cli.session;

/** The exit codes that are banger's own; a command in a VM ends the CLI with its own code. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILURE = 1;
    /** The command line could not be understood. */
    public static final int USAGE = 2;
    /** Running a command in a VM failed on banger's side. */
    public static final int EXEC_FAILURE = 125;

    public static final int NOT_EXECUTABLE = 126;
    public static final int NOT_FOUND = 127;
    /** The base to which the number of the ending signal is added. */
    public static final int SIGNAL_BASE = 128;
    /** Ctrl-C: SIGINT. */
    public static final int INTERRUPTED = SIGNAL_BASE + 2;
    /** Nobody reads our output any more: SIGPIPE. */
    public static final int OUTPUT_CLOSED = SIGNAL_BASE + 13;

    private ExitCode() {}
}
