package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts host programs whose streams the caller moves itself. */
public final class PipedProgram {
    private PipedProgram() {}

    /** Starts it in that folder; ending it is the caller's. @throws Problem where it cannot be started */
    public static Process start(Path folder, List<String> argv) {
        String name = argv.getFirst();
        var found = new ArrayList<>(argv);
        Programs.find(name).ifPresent(program -> found.set(0, program.toString()));
        try {
            var builder = new ProcessBuilder(found).directory(folder.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            return builder.start();
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT,
                    name + " cannot be started: " + e.getMessage(),
                    "sudo apt-get install " + Programs.packageOf(name),
                    e);
        }
    }
}
