package banger.wire.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/** Writes frames to a blocking stream, whole and in order, from any number of threads. */
public final class FrameWriter {
    private final WritableByteChannel sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * (Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES));

    public FrameWriter(WritableByteChannel sink) {
        this.sink = sink;
    }

    public void write(Frame frame) throws IOException {
        write(new Frame[] {frame});
    }

    /** Writes frames so that none of another thread comes between, with as few system calls as fit. */
    public void write(Frame... frames) throws IOException {
        lock.lock();
        try {
            for (Frame frame : frames) {
                if (buffer.remaining() < Frame.HEADER_BYTES + frame.payload().length) {
                    flush();
                }
                buffer.putInt(frame.payload().length);
                buffer.putInt(frame.channel());
                buffer.put((byte) frame.type().code());
                buffer.put(frame.payload());
            }
            flush();
        } finally {
            buffer.clear();
            lock.unlock();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            sink.write(buffer);
        }
        buffer.clear();
    }
}
