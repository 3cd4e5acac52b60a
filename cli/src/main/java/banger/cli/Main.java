package banger.cli;

import banger.cli.command.Session;
import banger.cli.daemon.Places;
import banger.cli.session.CliFailure;
import banger.cli.session.Output;
import banger.cli.session.Terminals;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.Arrays;
import java.util.Map;

/** The program {@code banger}: wires the session to this process and exits with the command's code. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // The standard streams as they are: System.out would re-encode, and hides that its reader is gone.
        Output output = new Output(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
        // Not System.exit: it would load the logging system to tell that it was called. Nothing waits for a shutdown
        // hook here; the terminal has been put back by who made it raw.
        Runtime.getRuntime().halt(run(arguments, output));
    }

    private static int run(String[] arguments, Output output) {
        try {
            Map<String, String> environment = System.getenv();
            Session session = new Session(
                    new FileInputStream(FileDescriptor.in),
                    output,
                    Terminals.fromLauncher(),
                    environment,
                    Places.of(environment, System.getProperty(Places.HOME_PROPERTY)),
                    code -> Runtime.getRuntime().halt(code));
            return new Dispatch(session).run(Arrays.asList(arguments));
        } catch (CliFailure e) {
            output.failure(e);
            return e.exitCode();
        }
    }
}
