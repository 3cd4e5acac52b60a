package banger.cli.daemon;

import banger.cli.text.Table;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads the end of a log file and what is added to it. */
public final class LogTail {
    /** No more than this is read at once, however many lines were asked for. */
    private static final int MOST_BYTES = 1 << 20;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Path log;
    private long position;

    public LogTail(Path log) {
        this.log = log;
    }

    /** The last {@code count} lines. */
    public String last(int count) throws IOException {
        return joined(linesFrom(0, count));
    }

    /** Waits until something is added and returns it; a file that became shorter is read from its start. */
    public String awaitMore() throws IOException {
        while (Files.size(log) == position) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
        }
        return joined(linesFrom(Files.size(log) < position ? 0 : position, Integer.MAX_VALUE));
    }

    /** The last {@code count} lines of what follows the byte {@code start}. */
    List<String> linesFrom(long start, int count) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long length = file.length();
            long from = Math.max(Math.min(start, length), length - MOST_BYTES);
            byte[] bytes = new byte[(int) (length - from)];
            file.seek(from);
            file.readFully(bytes);
            position = length;
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(LogTail::printable)
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        }
    }

    private static String printable(String line) {
        return Table.printable(line.replace("\t", "    "));
    }

    private static String joined(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
