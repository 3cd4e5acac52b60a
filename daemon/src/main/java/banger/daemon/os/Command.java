package banger.daemon.os;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host program to run to its end, with every bound that the run has.
 *
 * @param name what messages call it
 * @param argv the program and its arguments, as they are: there is no shell
 * @param environment what is added to this process's environment
 * @param folder the working directory, or null for this process's own
 * @param bound how long it may take
 * @param lines told each line of stdout and stderr as it comes, from a thread of its own
 * @param cancelled asked several times a second; the program is killed once it says true
 * @param input what it reads on its standard input
 */
public record Command(
        String name,
        List<String> argv,
        Map<String, String> environment,
        @Nullable Path folder,
        Duration bound,
        Consumer<String> lines,
        BooleanSupplier cancelled,
        String input) {
    public static final Duration DEFAULT_BOUND = Duration.ofMinutes(1);

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public static Command of(List<String> argv) {
        return new Command(argv.getFirst(), argv, Map.of(), null, DEFAULT_BOUND, line -> {}, () -> false, "");
    }

    /** The same, run by another program: {@code prefix} comes before its arguments. */
    public Command under(List<String> prefix) {
        List<String> longer = new ArrayList<>(prefix);
        longer.addAll(argv);
        return new Command(name, longer, environment, folder, bound, lines, cancelled, input);
    }

    /** The same under another name in messages. */
    public Command named(String other) {
        return new Command(other, argv, environment, folder, bound, lines, cancelled, input);
    }

    public Command with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new Command(name, argv, more, folder, bound, lines, cancelled, input);
    }

    public Command in(Path workingDirectory) {
        return new Command(name, argv, environment, workingDirectory, bound, lines, cancelled, input);
    }

    public Command within(Duration longest) {
        return new Command(name, argv, environment, folder, longest, lines, cancelled, input);
    }

    public Command onLine(Consumer<String> listener) {
        return new Command(name, argv, environment, folder, bound, listener, cancelled, input);
    }

    public Command until(BooleanSupplier cancellation) {
        return new Command(name, argv, environment, folder, bound, lines, cancellation, input);
    }

    /** The same with that text on its standard input. */
    public Command reading(String text) {
        return new Command(name, argv, environment, folder, bound, lines, cancelled, text);
    }

    /** As {@link Commands#run(Command)}. */
    public Commands.Result run() {
        return Commands.run(this);
    }

    /** As {@link Commands#succeed(Command)}. */
    public String succeed() {
        return Commands.succeed(this);
    }
}
