package banger.daemon.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Cuts what a client sends into lines of bounded length. */
final class LineReader {
    static final int MAX_LINE_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 16_384;

    private final ReadableByteChannel source;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    /** A line that is too long; what follows cannot be made sense of. */
    static final class LineTooLongException extends IOException {
        LineTooLongException() {
            super("a line has more than " + MAX_LINE_BYTES + " bytes");
        }
    }

    LineReader(ReadableByteChannel source) {
        this.source = source;
    }

    /** The next line without its line feed; null at the end, where half a line is dropped. */
    @Nullable
    String next() throws IOException {
        var line = new ByteArrayOutputStream(256);
        while (true) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
                if (line.size() > MAX_LINE_BYTES) {
                    throw new LineTooLongException();
                }
            }
            buffer.clear();
            int count = source.read(buffer);
            buffer.flip();
            if (count < 0) {
                return null;
            }
        }
    }

    /** What was read behind the last line, for whoever reads the connection from here on. */
    ByteBuffer rest() {
        return buffer;
    }
}
