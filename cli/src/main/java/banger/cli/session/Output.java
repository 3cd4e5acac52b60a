package banger.cli.session;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard output and standard error, UTF-8 whatever the locale, written through at once. */
public final class Output {
    private final OutputStream out;
    private final OutputStream err;

    public Output(OutputStream out, OutputStream err) {
        this.out = out;
        this.err = err;
    }

    /** Prints results; they may be piped into another program. */
    public void print(String text) {
        write(out, text);
    }

    public void line(String text) {
        write(out, text + "\n");
    }

    /** Prints what is not a result: progress, advice, failures. */
    public void note(String text) {
        try {
            err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // Nobody reads what we have to say; the exit code still tells.
        }
    }

    /** A failure may quote what was typed or what a guest wrote; neither may steer the terminal. */
    public void failure(CliFailure failure) {
        note("banger: " + failure.text().replaceAll("[\\p{Cc}&&[^\n\t]]", "?"));
        if (failure.hint() != null) {
            note("  try: " + failure.hint());
        }
    }

    public OutputStream out() {
        return out;
    }

    public OutputStream err() {
        return err;
    }

    private static void write(OutputStream stream, String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException e) {
            throw new CliFailure(ExitCode.OUTPUT_CLOSED, "standard output is closed: " + e.getMessage(), null);
        }
    }
}
