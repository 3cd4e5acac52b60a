package banger.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.aesh.command.impl.internal.ProcessedOption;
import org.jspecify.annotations.Nullable;

/** The help of one command, from AEsh's description of it and the command's own examples. */
public final class HelpText {
    private static final int INDENT = 2;
    private static final int GAP = 3;

    private HelpText() {}

    public static String of(String path, CliCommand command) {
        var described = CommandLine.describe(command);
        StringBuilder text = new StringBuilder();
        text.append(("Usage: banger " + path + " " + command.synopsis().strip()).strip());
        text.append("\n\n").append(described.description()).append("\n\nOptions:\n");
        List<ProcessedOption> options = described.getOptions();
        List<String> names = new ArrayList<>();
        int width = 0;
        for (ProcessedOption option : options) {
            String name = nameOf(option);
            names.add(name);
            width = Math.max(width, name.length());
        }
        for (int i = 0; i < names.size(); i++) {
            text.repeat(' ', INDENT)
                    .append(names.get(i))
                    .repeat(' ', width - names.get(i).length() + GAP);
            text.append(options.get(i).description()).append('\n');
        }
        text.append("\nExamples:\n").append(command.examples().strip().indent(INDENT));
        return text.toString();
    }

    private static String nameOf(ProcessedOption option) {
        String shortName = shortNameOf(option);
        String name = (shortName == null ? "    " : "-" + shortName + ", ") + "--" + option.name();
        return option.hasValue() ? name + " " + option.name().toUpperCase(Locale.ROOT) : name;
    }

    static @Nullable String shortNameOf(ProcessedOption option) {
        String name = option.shortName();
        return name == null || name.isEmpty() || name.charAt(0) == '\0' ? null : name;
    }
}
