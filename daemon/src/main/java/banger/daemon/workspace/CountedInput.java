package banger.daemon.workspace;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** A stream that adds what is read from it to a count. */
final class CountedInput extends FilterInputStream {
    private final AtomicLong count;

    CountedInput(InputStream from, AtomicLong count) {
        super(from);
        this.count = count;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count.incrementAndGet();
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            count.addAndGet(read);
        }
        return read;
    }
}
