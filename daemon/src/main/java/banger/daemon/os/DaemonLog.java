package banger.daemon.os;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The daemon's log file: one line for each event, stack traces below it, bounded by rotation. */
public final class DaemonLog implements AutoCloseable {
    private static final int MAX_BYTES = 4 << 20;

    private final Handler handler;

    private DaemonLog(Handler handler) {
        this.handler = handler;
    }

    /** Sends all logging to that file from here on. */
    public static DaemonLog open(Path file) throws IOException {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        // A '%' begins a field of the handler's pattern. With one file the handler empties it when it is full.
        var handler = new FileHandler(file.toString().replace("%", "%%"), MAX_BYTES, 1, true);
        handler.setFormatter(new Line());
        root.addHandler(handler);
        return new DaemonLog(handler);
    }

    /** Leaves the file alone from here on. */
    @Override
    public void close() {
        Logger.getLogger("").removeHandler(handler);
        handler.close();
    }

    private static final class Line extends Formatter {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                        "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                .withZone(ZoneId.systemDefault());

        @Override
        public String format(LogRecord entry) {
            String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
            var text = new StringWriter();
            text.append(TIME.format(entry.getInstant()))
                    .append(' ')
                    .append(entry.getLevel().getName().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(name.substring(name.lastIndexOf('.') + 1))
                    .append(": ")
                    .append(formatMessage(entry))
                    .append('\n');
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            return text.toString();
        }
    }
}
