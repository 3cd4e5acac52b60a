package banger.daemon.os;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/** Reads one stream of a running program to its end and keeps a bounded part of it: the first as it is, or the last lines. */
final class OutputReader {
    static final int MAX_FIRST_CHARS = 4 << 20;
    private static final int MAX_LAST_CHARS = 4096;
    private static final int MAX_LINE_CHARS = 8192;

    private final StringBuilder kept = new StringBuilder();
    private final boolean keepsFirst;
    private final Thread thread;

    private OutputReader(InputStream stream, String name, Consumer<String> lines, boolean keepsFirst) {
        this.keepsFirst = keepsFirst;
        this.thread = Thread.ofVirtual().name(name).start(() -> read(stream, lines));
    }

    static OutputReader first(InputStream stream, String name, Consumer<String> lines) {
        return new OutputReader(stream, name, lines, true);
    }

    static OutputReader last(InputStream stream, String name, Consumer<String> lines) {
        return new OutputReader(stream, name, lines, false);
    }

    void join(Duration longest) throws InterruptedException {
        thread.join(longest);
    }

    String text() {
        synchronized (kept) {
            return kept.toString();
        }
    }

    private void read(InputStream stream, Consumer<String> lines) {
        StringBuilder line = new StringBuilder();
        char[] buffer = new char[MAX_LINE_CHARS];
        try (var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                if (keepsFirst) {
                    keepFirst(buffer, count);
                }
                for (int i = 0; i < count; i++) {
                    take(buffer[i], line, lines);
                }
            }
        } catch (IOException e) {
            // The program was killed while it wrote; what came before still counts.
        }
        if (!line.isEmpty()) {
            end(line, lines, false);
        }
    }

    private void take(char next, StringBuilder line, Consumer<String> lines) {
        // A progress bar ends its lines with a carriage return alone.
        if (next == '\n' || next == '\r') {
            end(line, lines, next == '\n');
        } else if (line.length() < MAX_LINE_CHARS) {
            line.append(next);
        }
    }

    private void end(StringBuilder line, Consumer<String> lines, boolean newline) {
        if (!keepsFirst) {
            keepLast(newline ? line + "\n" : line.toString());
        }
        if (!line.isEmpty()) {
            lines.accept(line.toString());
        }
        line.setLength(0);
    }

    private void keepFirst(char[] buffer, int count) {
        synchronized (kept) {
            kept.append(buffer, 0, Math.min(count, MAX_FIRST_CHARS - kept.length()));
        }
    }

    private void keepLast(String text) {
        synchronized (kept) {
            kept.append(text);
            if (kept.length() > MAX_LAST_CHARS) {
                kept.delete(0, kept.length() - MAX_LAST_CHARS);
            }
        }
    }
}
