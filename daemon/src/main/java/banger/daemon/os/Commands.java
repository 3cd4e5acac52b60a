package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs host programs to their end: never without a bound, never left behind. Standard input is what the command says, messages are in
 * English.
 */
public final class Commands {
    private static final Duration LOOK_FOR_CANCELLATION = Duration.ofMillis(100);
    /** Once a program is gone, a pipe that a stray grandchild still holds is not waited for longer than this. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private Commands() {}

    /**
     * How a program ended.
     *
     * @param output the first 4 MiB of stdout
     * @param errors the last lines of stderr
     */
    public record Result(int status, String output, String errors) {
        /** Whether there may have been more output. */
        public boolean isCut() {
            return output.length() >= OutputReader.MAX_FIRST_CHARS;
        }
    }

    /**
     * Runs the command and returns its end, whatever its status.
     *
     * @throws Problem MISSING_REQUIREMENT where the program is not installed, TIMEOUT, CANCELLED
     */
    public static Result run(Command command) {
        String name = command.name();
        Process process = start(command);
        OutputReader output = OutputReader.first(process.getInputStream(), name + " stdout", command.lines());
        OutputReader errors = OutputReader.last(process.getErrorStream(), name + " stderr", command.lines());
        try {
            feed(process, command.input());
            await(process, command, name);
            output.join(DRAIN);
            errors.join(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, name + " was interrupted", null, e);
        } finally {
            kill(process);
        }
        return new Result(process.exitValue(), output.text(), errors.text());
    }

    /**
     * Runs the command, which must succeed, and returns its stdout.
     *
     * @throws Problem as {@link #run}, RESOURCE_EXHAUSTED where the disk is full, FAILED with the last lines of stderr
     */
    public static String succeed(Command command) {
        Result result = run(command);
        if (result.status() != 0) {
            throw failure(command.name(), result);
        }
        return result.output();
    }

    private static Problem failure(String name, Result result) {
        if (DiskFull.isSaidBy(result.errors()) || DiskFull.isSaidBy(result.output())) {
            return DiskFull.problem("running " + name);
        }
        String said =
                result.errors().isBlank() ? "it said nothing" : result.errors().strip();
        return new Problem(Problem.Kind.FAILED, name + " failed with status " + result.status() + ": " + said);
    }

    private static Process start(Command command) {
        String name = command.argv().getFirst();
        String program =
                Programs.find(name).orElseThrow(() -> Programs.missing(name)).toString();
        List<String> argv = new java.util.ArrayList<>(command.argv());
        argv.set(0, program);
        ProcessBuilder builder = new ProcessBuilder(argv);
        Programs.forgetRepository(builder.environment());
        // For what the program itself runs: as where it was found.
        builder.environment().put("PATH", String.join(":", Programs.folders()));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(command.environment());
        if (command.input().isEmpty()) {
            builder.redirectInput(ProcessBuilder.Redirect.from(NULL));
        }
        if (command.folder() != null) {
            builder.directory(command.folder().toFile());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, name + " cannot be started: " + e.getMessage(), null, e);
        }
    }

    private static void feed(Process process, String input) {
        if (input.isEmpty()) {
            return;
        }
        Thread.ofVirtual().name("feed-" + process.pid()).start(() -> {
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended without reading all of it; its status tells more.
            }
        });
    }

    private static final java.io.File NULL = new java.io.File("/dev/null");

    private static void await(Process process, Command command, String name) throws InterruptedException {
        long end = System.nanoTime() + command.bound().toNanos();
        while (!process.waitFor(LOOK_FOR_CANCELLATION.toMillis(), TimeUnit.MILLISECONDS)) {
            if (command.cancelled().getAsBoolean()) {
                throw new Problem(Problem.Kind.CANCELLED, name + " was cancelled");
            }
            if (System.nanoTime() > end) {
                throw new Problem(
                        Problem.Kind.TIMEOUT,
                        name + " did not end within " + command.bound().toSeconds() + " s");
            }
        }
    }

    private static void kill(Process process) {
        if (process.isAlive()) {
            // The children first: once their parent is gone they can no longer be found.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                process.waitFor(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
