package banger.cli;

import banger.cli.command.Session;
import banger.cli.daemon.Places;
import banger.cli.session.Output;
import banger.cli.session.Terminals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The training run of the AOT cache (make-aot): common commands in one process, so that their classes are in it.
 *
 * <p>It only looks; a daemon must run. What the commands print, and whether they succeed, does not matter. What an empty
 * daemon has no answer for (rows, stages, a guest's output) is played from samples.
 */
public final class Training {
    private static final List<List<String>> LINES = List.of(
            List.of("ps"),
            List.of("ps", "--format", "json"),
            List.of("vm", "list", "-q"),
            List.of("vm", "show", "none"),
            List.of("vm", "stats", "none"),
            List.of("vm", "create", "--name", "NOT A NAME", "--memory", "1G", "--publish", "8080:80"),
            List.of("vm", "stop", "none"),
            List.of("vm", "exec", "-i", "-e", "A=b", "none", "true"),
            List.of("vm", "proxy", "none"),
            List.of("vm", "ssh", "none", "--", "true"),
            List.of("vm", "cp", "none:a", "b"),
            List.of("ssh-config", "print"),
            List.of("image", "list"),
            List.of("operation", "list"),
            List.of("operation", "watch", "none"),
            List.of("vm", "run", "--help"),
            List.of("vm"),
            List.of());

    private Training() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Session session = new Session(
                InputStream.nullInputStream(),
                new Output(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()),
                Terminals.fromLauncher(),
                environment,
                Places.of(environment, System.getProperty(Places.HOME_PROPERTY)),
                code -> {});
        for (List<String> line : LINES) {
            new Dispatch(session).run(line);
        }
        try {
            TrainingSamples.play(session);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The program itself once more, with its own streams.
        Main.main(new String[] {"ps"});
    }
}
