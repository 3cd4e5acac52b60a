package banger.daemon.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, for a message. */
public final class LastLines {
    private static final int MAX_BYTES = 4096;

    private LastLines() {}

    /** The last lines, each with its line feed, of at most 4 KiB; empty where the file cannot be read. */
    public static String of(Path log, int most) {
        try (FileChannel file = FileChannel.open(log)) {
            long start = Math.max(0, file.size() - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
            while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) >= 0) {}
            // A log that was emptied under its writer begins with zeros.
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1).replace("\0", "");
            List<String> lines = text.lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - most), lines.size())) + "\n";
        } catch (IOException e) {
            return "";
        }
    }
}
