package banger.daemon.operation;

import java.util.LinkedHashMap;
import java.util.Map;

/** How an operation went as one line of {@code name=value} fields, for the daemon's log. */
final class LogLine {
    private LogLine() {}

    /** Times are in milliseconds; a stage that came several times is added up. */
    static String of(Operation.Snapshot operation) {
        Map<String, Long> stages = new LinkedHashMap<>();
        operation.stages().forEach(stage -> stages.merge(stage.name(), stage.elapsedMillis(), Long::sum));
        var line = new StringBuilder("operation=").append(operation.id());
        field(line, "kind", operation.kind());
        field(line, "subject", operation.subject());
        field(line, "state", operation.state().name().toLowerCase(java.util.Locale.ROOT));
        field(line, "total_ms", Long.toString(operation.elapsedMillis()));
        stages.forEach((name, millis) -> field(line, name + "_ms", Long.toString(millis)));
        if (operation.problem() != null) {
            field(line, "problem", String.valueOf(operation.problem().getMessage()));
        }
        return line.toString();
    }

    /** A value that a reader could take for more than one is quoted. */
    private static void field(StringBuilder line, String name, String value) {
        line.append(' ').append(name).append('=');
        if (!value.isEmpty()
                && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 127)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                default -> line.append(c < ' ' || c == 127 ? ' ' : c);
            }
        }
        line.append('"');
    }
}
