package banger.cli.command;

import banger.cli.text.Table;
import org.jspecify.annotations.Nullable;

/** Names and values of one object, a line each. */
final class Facts {
    private static final int VALUE_COLUMN = 14;

    private final StringBuilder text = new StringBuilder();

    /** Adds a line; a value of null or without text is left out. */
    Facts add(String name, @Nullable Object value) {
        String printed = value == null ? "" : Table.printable(value.toString());
        if (!printed.isEmpty()) {
            text.append(name)
                    .append(':')
                    .repeat(' ', Math.max(1, VALUE_COLUMN - name.length()))
                    .append(printed)
                    .append('\n');
        }
        return this;
    }

    String render() {
        return text.toString();
    }
}
