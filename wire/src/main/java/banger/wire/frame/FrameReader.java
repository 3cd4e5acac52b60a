package banger.wire.frame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Cuts a byte stream into frames, blocking; one thread at a time.
 *
 * <p>Its buffer is direct and larger than a frame, so that many small frames cost one read.
 */
public final class FrameReader {
    private static final int BUFFER_BYTES = 4 * (Frame.MAX_PAYLOAD_BYTES + Frame.HEADER_BYTES);

    private final ReadableByteChannel source;
    private final ByteBuffer buffer;

    /** Begins with what was already read from the source, such as bytes behind a JSON line. */
    public FrameReader(ReadableByteChannel source, ByteBuffer alreadyRead) {
        this.source = source;
        buffer = ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, alreadyRead.remaining()));
        buffer.put(alreadyRead).flip();
    }

    public FrameReader(ReadableByteChannel source) {
        this(source, ByteBuffer.allocate(0));
    }

    /**
     * The next frame.
     *
     * @throws EOFException where the stream ends, at a frame's edge or inside one
     */
    public Frame next() throws IOException {
        fill(Frame.HEADER_BYTES);
        int length = buffer.getInt();
        int channel = buffer.getInt();
        FrameType type = FrameType.of(buffer.get() & 0xff);
        if (length < 0 || length > Frame.MAX_PAYLOAD_BYTES) {
            throw new MalformedFrameException(
                    "payload of " + Integer.toUnsignedString(length) + " bytes, at most " + Frame.MAX_PAYLOAD_BYTES);
        }
        fill(length);
        byte[] payload = new byte[length];
        buffer.get(payload);
        return new Frame(channel, type, payload);
    }

    /**
     * Throws bytes away until a HELLO frame comes whose payload begins with {@code start}, and returns that frame.
     *
     * @throws MalformedFrameException where {@code most} bytes hold none
     */
    public Frame awaitHello(byte[] start, long most) throws IOException {
        for (long skipped = 0; skipped <= most; skipped++) {
            fill(Frame.HEADER_BYTES + start.length);
            if (helloBegins(start)) {
                return next();
            }
            buffer.get();
        }
        throw new MalformedFrameException("no hello within " + most + " bytes");
    }

    private boolean helloBegins(byte[] start) {
        int at = buffer.position();
        return buffer.getInt(at + 4) == Frame.SESSION
                && buffer.get(at + 8) == FrameType.HELLO.code()
                && buffer.slice(at + Frame.HEADER_BYTES, start.length).equals(ByteBuffer.wrap(start));
    }

    private void fill(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return;
        }
        buffer.compact();
        try {
            while (buffer.position() < count) {
                if (source.read(buffer) < 0) {
                    throw new EOFException("the stream ended");
                }
            }
        } finally {
            buffer.flip();
        }
    }
}
