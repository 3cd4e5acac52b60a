package banger.daemon.rootfs;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes a tar archive on and keeps the extended attributes of each entry as they are.
 *
 * <p>They are binary, in records {@code SCHILY.xattr.NAME} of pax headers (pax(1)), and the archive library knows only
 * records of text.
 */
final class PaxTap extends FilterInputStream {
    private static final int BLOCK_BYTES = 512;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_BYTES = 12;
    private static final int TYPE_OFFSET = 156;
    private static final int SPARSE_MORE_OFFSET = 482;
    private static final int SPARSE_NEXT_MORE_OFFSET = 504;
    /** Names, link targets and attributes of one entry. */
    private static final int MAX_HEADER_BYTES = 1 << 20;

    private static final String XATTR = "SCHILY.xattr.";

    private final Deque<Map<String, byte[]>> waiting = new ArrayDeque<>();
    private final byte[] block = new byte[BLOCK_BYTES];
    private int filled;
    private long dataLeft;
    private long dataAndPaddingLeft;
    private ByteArrayOutputStream pax = new ByteArrayOutputStream();
    private boolean inPax;
    private boolean inSparseHeader;
    private boolean ended;

    PaxTap(InputStream in) {
        super(in);
    }

    /** The attributes of the next entry that has not been asked about; to be called once for each. */
    Map<String, byte[]> next() {
        Map<String, byte[]> found = waiting.poll();
        return found == null ? Map.of() : found;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        if (read > 0) {
            follow(bytes, offset, read);
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] away = new byte[(int) Math.min(count, 1 << 16)];
        int read = count <= 0 ? 0 : read(away, 0, away.length);
        return Math.max(read, 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    InputStream in() {
        return in;
    }

    private void follow(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && !ended) {
            if (dataAndPaddingLeft > 0) {
                int part = (int) Math.min(dataAndPaddingLeft, end - at);
                if (inPax) {
                    pax.write(bytes, at, (int) Math.min(part, dataLeft));
                }
                dataLeft -= Math.min(part, dataLeft);
                dataAndPaddingLeft -= part;
                at += part;
            } else {
                int part = Math.min(BLOCK_BYTES - filled, end - at);
                System.arraycopy(bytes, at, block, filled, part);
                filled += part;
                at += part;
                if (filled == BLOCK_BYTES) {
                    filled = 0;
                    header();
                }
            }
        }
    }

    private void header() throws IOException {
        if (inSparseHeader) {
            inSparseHeader = block[SPARSE_NEXT_MORE_OFFSET] != 0;
            return;
        }
        if (block[0] == 0) {
            ended = true;
            return;
        }
        char type = (char) block[TYPE_OFFSET];
        long size = size();
        boolean describesNext = "xXgLK".indexOf(type) >= 0;
        if (describesNext && size > MAX_HEADER_BYTES) {
            throw new IOException("an entry's header has " + size + " bytes, at most " + MAX_HEADER_BYTES);
        }
        inPax = type == 'x' || type == 'X';
        if (inPax && pax.size() + size > MAX_HEADER_BYTES) {
            throw new IOException("an entry's headers have more than " + MAX_HEADER_BYTES + " bytes");
        }
        if (!describesNext) {
            Map<String, byte[]> records = records(pax.toByteArray());
            pax = new ByteArrayOutputStream();
            byte[] longSize = records.remove("size");
            if (longSize != null) {
                size = decimal(longSize);
            }
            waiting.add(records);
            inSparseHeader = type == 'S' && block[SPARSE_MORE_OFFSET] != 0;
        }
        dataLeft = size;
        dataAndPaddingLeft = (size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    private long size() throws IOException {
        if ((block[SIZE_OFFSET] & 0x80) != 0) {
            long size = 0;
            for (int i = SIZE_OFFSET + SIZE_BYTES - 8; i < SIZE_OFFSET + SIZE_BYTES; i++) {
                size = size << 8 | block[i] & 0xff;
            }
            if (size < 0) {
                throw new IOException("an entry has a size below zero");
            }
            return size;
        }
        long size = 0;
        for (int i = SIZE_OFFSET; i < SIZE_OFFSET + SIZE_BYTES; i++) {
            if (block[i] >= '0' && block[i] <= '7') {
                size = size * 8 + block[i] - '0';
            }
        }
        return size;
    }

    /** The attributes, by their names without the prefix, and {@code size} where there is one. */
    private static Map<String, byte[]> records(byte[] pax) throws IOException {
        Map<String, byte[]> records = new LinkedHashMap<>();
        int at = 0;
        while (at < pax.length) {
            int space = at;
            while (space < pax.length && pax[space] != ' ') {
                space++;
            }
            long length = decimal(java.util.Arrays.copyOfRange(pax, at, space));
            int end = (int) Math.min(at + length, pax.length);
            int equals = space + 1;
            while (equals < end && pax[equals] != '=') {
                equals++;
            }
            if (length <= 0 || at + length > pax.length || equals >= end) {
                throw new IOException("an entry's header has a malformed record");
            }
            String key = new String(pax, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = java.util.Arrays.copyOfRange(pax, equals + 1, end - 1);
            if (key.equals("size")) {
                records.put(key, value);
            } else if (key.startsWith(XATTR)) {
                records.put(key.substring(XATTR.length()), value);
            }
            at = end;
        }
        return records;
    }

    private static long decimal(byte[] digits) throws IOException {
        try {
            return Long.parseUnsignedLong(new String(digits, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new IOException("an entry's header has a malformed number", e);
        }
    }
}
