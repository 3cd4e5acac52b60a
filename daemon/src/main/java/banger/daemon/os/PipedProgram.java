package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host program whose streams the caller moves itself; closing it ends it. */
public final class PipedProgram implements AutoCloseable {
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
    public boolean waitFor(java.time.Duration bound) throws InterruptedException {
        return process.waitFor(bound);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
