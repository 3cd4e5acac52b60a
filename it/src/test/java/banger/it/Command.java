package banger.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the host that was started, whose output is gathered until its end. */
final class Command implements AutoCloseable {
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final List<String> line;
    private final Process process;
    private final Gathered out;
    private final Gathered err;

    private Command(List<String> line, Process process) {
        this.line = line;
        this.process = process;
        out = new Gathered(process.getInputStream(), "out");
        err = new Gathered(process.getErrorStream(), "err");
    }

    static Command start(ProcessBuilder builder) {
        try {
            return new Command(List.copyOf(builder.command()), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program of the host that must succeed, and returns what it wrote. */
    static String ok(String... line) {
        return start(new ProcessBuilder(located(line))).waitFor().text();
    }

    /** An ordinary user's PATH lacks the folder of the administrator's programs. */
    private static List<String> located(String... line) {
        var words = new ArrayList<>(List.of(line));
        Path program = Path.of("/usr/sbin", line[0]);
        if (Files.isExecutable(program)) {
            words.set(0, program.toString());
        }
        return words;
    }

    /** The same as root; where the user is not, as root of a user namespace. */
    static String okAsRoot(String... line) {
        var words = new ArrayList<String>();
        if (!isRoot()) {
            words.addAll(List.of("unshare", "--map-root-user", "--map-auto", "--"));
        }
        words.addAll(located(line));
        return ok(words.toArray(String[]::new));
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Feeds it and closes its input. */
    Command input(byte[] bytes) {
        Thread.ofVirtual().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(bytes);
            } catch (IOException e) {
                // It ended without reading all; its outcome is what the test looks at.
            }
        });
        return this;
    }

    Process process() {
        return process;
    }

    /** What it has written to standard output so far. */
    String out() {
        return out.text();
    }

    String err() {
        return err.text();
    }

    void awaitOut(String words) {
        Wait.until("\"" + words + "\" from " + line + " (it said: " + err() + ")", () -> out().contains(words));
    }

    void awaitErr(String words) {
        Wait.until("\"" + words + "\" from " + line, () -> err().contains(words) || !process.isAlive());
        if (!err().contains(words)) {
            throw new AssertionError(line + " ended without saying \"" + words + "\": " + err());
        }
    }

    /** Sends it a signal by name. */
    Command signal(String name) {
        ok("kill", "-" + name, Long.toString(process.pid()));
        return this;
    }

    Outcome waitFor() {
        try {
            if (!process.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(line + " has not ended; it said:\n" + out() + err());
            }
            out.join();
            err.join();
            return new Outcome(line, process.exitValue(), out.bytes(), err.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + line, e);
        }
    }

    /** Ends it where it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** What comes from one of its streams. */
    private static final class Gathered {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        Gathered(InputStream from, String name) {
            reader = Thread.ofVirtual().name(name).start(() -> read(from));
        }

        private void read(InputStream from) {
            byte[] buffer = new byte[65_536];
            try {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    synchronized (bytes) {
                        bytes.write(buffer, 0, count);
                    }
                }
            } catch (IOException e) {
                // The process was ended from here; what came until then is kept.
            }
        }

        void join() throws InterruptedException {
            // A process that it left behind may hold the stream open.
            reader.join(Duration.ofSeconds(20));
        }

        byte[] bytes() {
            synchronized (bytes) {
                return bytes.toByteArray();
            }
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }
}
