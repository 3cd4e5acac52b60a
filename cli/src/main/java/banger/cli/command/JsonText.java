package banger.cli.command;

import banger.wire.rpc.JsonLines;
import java.util.List;

/** Messages of the RPC interface as JSON for scripts. */
final class JsonText {
    private JsonText() {}

    /** A JSON array with an item a line. */
    static <T> String array(Class<T> type, List<T> items) {
        if (items.isEmpty()) {
            return "[]\n";
        }
        StringBuilder text = new StringBuilder("[");
        for (T item : items) {
            text.append(text.length() == 1 ? "\n" : ",\n").append(JsonLines.write(type, item));
        }
        return text.append("\n]\n").toString();
    }

    static <T> String object(Class<T> type, T item) {
        return JsonLines.write(type, item) + "\n";
    }
}
