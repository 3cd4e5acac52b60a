package banger.cli;

import banger.cli.command.Session;
import banger.cli.daemon.Places;
import banger.cli.session.Output;
import banger.cli.session.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs command lines in this process against a fake daemon, and keeps what they print. */
public final class Cli implements AutoCloseable {
    /** What one command line came to. */
    public record Result(int code, byte[] out, String err) {
        public String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    public final FakeDaemon daemon;
    private final Places places;
    private InputStream input = InputStream.nullInputStream();
    private Terminals terminals = new Terminals(false, false, false);
    private Map<String, String> environment = Map.of();

    public Cli(Path folder) throws IOException {
        places = new Places(
                folder.resolve("bangerd.sock"), folder.resolve("bangerd.log"), folder.resolve("ssh/config"), null);
        daemon = new FakeDaemon(places.socket());
    }

    public Cli input(InputStream stream) {
        input = stream;
        return this;
    }

    public Cli environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    public Cli terminals(boolean in, boolean out, boolean err) {
        terminals = new Terminals(in, out, err);
        return this;
    }

    public Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return run(out, out, words);
    }

    /** Runs with another standard output; the result holds what {@code kept} holds at the end. */
    public Result run(OutputStream out, ByteArrayOutputStream kept, String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Session session = new Session(input, new Output(out, err), terminals, environment, places, code -> {
            throw new AssertionError("halted with " + code);
        });
        int code = new Dispatch(session).run(List.of(words));
        return new Result(code, kept.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        daemon.close();
    }
}
