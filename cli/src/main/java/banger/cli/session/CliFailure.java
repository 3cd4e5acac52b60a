package banger.cli.session;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Means: tell the user, perhaps with the next command to try, and exit. */
public class CliFailure extends RuntimeException {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final @Nullable String hint;
    private final int exitCode;

    public CliFailure(String message, @Nullable String hint) {
        this(ExitCode.FAILURE, message, hint);
    }

    public CliFailure(int exitCode, String message, @Nullable String hint) {
        super(message, null, false, false);
        this.hint = hint;
        this.exitCode = exitCode;
    }

    /**
     * The command line is wrong; {@code command} is the path of the command, such as {@code "vm stop"}. The problem may
     * quote what was typed, and stays one line all the same.
     */
    public static CliFailure usage(String command, String problem) {
        return new CliFailure(
                ExitCode.USAGE,
                command + ": " + CONTROL.matcher(problem).replaceAll("?"),
                "banger " + command + " --help");
    }

    public String text() {
        String message = getMessage();
        return message == null ? "failed" : message;
    }

    public @Nullable String hint() {
        return hint;
    }

    public int exitCode() {
        return exitCode;
    }
}
