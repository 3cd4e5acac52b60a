package banger.daemon.config;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** What is wrong with a file, collected so that a person mends it in one go. */
final class Faults {
    private static final int MAX_LISTED = 20;
    private static final String HINT = "config.example.toml in the program's folder lists every key";

    private record Fault(int line, String text) {
        @Override
        public String toString() {
            return "line " + line + ": " + text;
        }
    }

    private final List<Fault> faults = new ArrayList<>();

    void add(@Nullable TomlPosition position, String text) {
        faults.add(new Fault(position == null ? 1 : position.line(), text.replaceAll("\\p{Cntrl}", "?")));
    }

    void throwIfAny(Path file) {
        throwIfAny(file, HINT);
    }

    void throwIfAny(Path file, String hint) {
        if (faults.isEmpty()) {
            return;
        }
        faults.sort(Comparator.comparingInt(Fault::line));
        if (faults.size() == 1) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, file + ", " + faults.getFirst(), hint);
        }
        String listed = faults.stream().limit(MAX_LISTED).map(Fault::toString).collect(Collectors.joining("\n  "));
        throw new Problem(
                Problem.Kind.INVALID_ARGUMENT, file + " has " + faults.size() + " faults:\n  " + listed, hint);
    }
}
