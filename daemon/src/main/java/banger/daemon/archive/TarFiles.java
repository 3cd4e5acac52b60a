package banger.daemon.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * Passes tar archives on, one behind the other, and counts the files in them as they go by.
 *
 * <p>They come from the host's own tar. What is not in its form passes on as well and is not counted.
 */
public final class TarFiles extends FilterOutputStream {
    /** Types of entries for folders, and of those that only say more of the next one. */
    private static final String NO_FILES = "5LKxg";

    private final LongConsumer files;
    private final byte[] header = new byte[TarHeader.BLOCK_BYTES];
    private int headerBytes;
    private long contentBytes;
    private long count;

    /** @param files told how many there have been, whenever some more have */
    public TarFiles(OutputStream to, LongConsumer files) {
        super(to);
        this.files = files;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        long before = count;
        for (int at = offset, end = offset + length; at < end; ) {
            if (contentBytes > 0) {
                int passed = (int) Math.min(contentBytes, end - at);
                contentBytes -= passed;
                at += passed;
            } else {
                int taken = Math.min(header.length - headerBytes, end - at);
                System.arraycopy(bytes, at, header, headerBytes, taken);
                headerBytes += taken;
                at += taken;
                if (headerBytes == header.length) {
                    headerBytes = 0;
                    entry(new TarHeader(header));
                }
            }
        }
        if (count > before) {
            files.accept(count);
        }
    }

    private void entry(TarHeader entry) {
        if (entry.isZero()) {
            return;
        }
        try {
            long blocks = (entry.size() + TarHeader.BLOCK_BYTES - 1) / TarHeader.BLOCK_BYTES;
            contentBytes = blocks * TarHeader.BLOCK_BYTES;
        } catch (ArchiveException e) {
            return;
        }
        if (NO_FILES.indexOf(entry.type()) < 0) {
            count++;
        }
    }
}
