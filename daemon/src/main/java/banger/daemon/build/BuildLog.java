package banger.daemon.build;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * What a build says, line by line: to whoever watches, and to a file that is kept until the next build of the image.
 * Safe for any number of threads.
 */
final class BuildLog implements AutoCloseable {
    private static final long MAX_BYTES = 16L << 20;
    private static final int MAX_LINE = 2000;
    private static final int LAST_LINES = 15;
    /** Colours and movements of a terminal's cursor (ECMA-48). */
    private static final Pattern ESCAPES = Pattern.compile("\u001b(\\[[0-9;?]*[ -/]*[@-~]|\\][^\u0007]*\u0007|.)");

    private final Path file;
    private final Progress progress;
    private final BufferedWriter out;
    private final Deque<String> last = new ArrayDeque<>();
    private long written;

    BuildLog(Path file, Progress progress) {
        this.file = file;
        this.progress = progress;
        try {
            Files.createDirectories(file.getParent());
            out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "writing " + file);
        }
    }

    Path file() {
        return file;
    }

    /** Begins a step: its own lines are the last ones from now on. */
    synchronized void heading(String text) {
        last.clear();
        tell(text);
    }

    /** A line of a program; what would steer a terminal is taken out, and of a bar that moves the last state is kept. */
    synchronized void line(String raw) {
        String text = raw.stripTrailing();
        text = ESCAPES.matcher(text.substring(text.lastIndexOf('\r') + 1)).replaceAll("");
        text = text.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?");
        text = text.length() > MAX_LINE ? text.substring(0, MAX_LINE) + "…" : text;
        if (last.size() == LAST_LINES) {
            last.removeFirst();
        }
        last.add(text);
        tell("  " + text);
    }

    /** The last lines of the present step. */
    synchronized String lastLines() {
        return String.join("\n", last);
    }

    private void tell(String text) {
        progress.output(text);
        if (written > MAX_BYTES) {
            return;
        }
        written += text.length() + 1;
        try {
            out.write(text + "\n");
            out.flush();
        } catch (IOException e) {
            // A full disk fails the build where it matters; its log need not.
            written = Long.MAX_VALUE;
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            // As above.
        }
    }
}
