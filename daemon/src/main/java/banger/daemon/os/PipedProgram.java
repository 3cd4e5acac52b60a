package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A host program whose streams the caller moves itself; closing it ends it. */
public final class PipedProgram implements AutoCloseable {
    private static final Duration END_BOUND = Duration.ofSeconds(5);

    private final Process process;

    private PipedProgram(Process process) {
        this.process = process;
    }

    /** Starts it in that folder. @throws Problem where it cannot be started */
    public static PipedProgram start(Path folder, List<String> argv) {
        String name = argv.getFirst();
        var found = new ArrayList<>(argv);
        Programs.find(name).ifPresent(program -> found.set(0, program.toString()));
        try {
            var builder = new ProcessBuilder(found).directory(folder.toFile());
            Programs.forgetRepository(builder.environment());
            builder.environment().put("LC_ALL", "C.UTF-8");
            return new PipedProgram(builder.start());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    name + " cannot be started: " + e.getMessage(),
                    "sudo apt-get install " + Programs.packageOf(name),
                    e);
        }
    }

    public OutputStream stdin() {
        return process.getOutputStream();
    }

    public InputStream stdout() {
        return process.getInputStream();
    }

    public InputStream stderr() {
        return process.getErrorStream();
    }

    /** Its exit status, once it has ended. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Whether it has ended, after waiting no longer than the bound. */
    public boolean waitFor(Duration bound) throws InterruptedException {
        return process.waitFor(bound);
    }

    /**
     * It ends by itself, as nobody feeds it or listens any more; one that does not is killed. Killing at once would
     * leave behind what unshare starts to set up its namespace, which waits for it for ever.
     */
    @Override
    public void close() {
        for (Closeable stream : List.of(stdin(), stdout(), stderr())) {
            try {
                stream.close();
            } catch (IOException e) {
                // What was still to be written to it is wanted by nobody.
            }
        }
        try {
            if (process.waitFor(END_BOUND)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
