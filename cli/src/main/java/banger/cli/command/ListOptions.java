package banger.cli.command;

import banger.cli.session.CliFailure;
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

    static boolean isJson(String path, String format) {
        return switch (format) {
            case "json" -> true;
            case "table" -> false;
            default -> throw CliFailure.usage(path, "no format \"" + format + "\"; there are table and json");
        };
    }
}
