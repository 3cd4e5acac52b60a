package banger.cli.command;

import banger.cli.session.CliFailure;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aesh.command.option.Option;

/** How a list is printed. */
public final class ListOptions {
    @Option(name = "format", description = "table (the default) or json")
    String format = "table";

    @Option(name = "quiet", shortName = 'q', hasValue = false, description = "print names only, one a line")
    boolean quiet;

    /** Whether JSON is asked for. @throws CliFailure for a format that does not exist */
    boolean json(String path) {
        return isJson(path, format);
    }

    /** Prints what is listed as it was asked for: a table, JSON, or the names alone. */
    <T> void print(
            Session session,
            boolean json,
            Class<T> type,
            List<T> listed,
            Function<T, String> name,
            Function<List<T>, String> table) {
        String text = quiet
                ? listed.stream().map(each -> name.apply(each) + "\n").collect(Collectors.joining())
                : json ? JsonText.array(type, listed) : table.apply(listed);
        session.output().print(text);
    }

    static boolean isJson(String path, String format) {
        return switch (format) {
            case "json" -> true;
            case "table" -> false;
            default -> throw CliFailure.usage(path, "no format \"" + format + "\"; there are table and json");
        };
    }
}
