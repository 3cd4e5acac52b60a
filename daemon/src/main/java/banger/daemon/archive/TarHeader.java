package banger.daemon.archive;

import java.nio.charset.StandardCharsets;

/** One block of 512 bytes that begins an entry: fields at fixed places (POSIX ustar, and GNU's numbers). */
final class TarHeader {
    static final int BLOCK_BYTES = 512;

    static final int NAME_BYTES = 100;
    private static final int MODE = 100;
    private static final int SIZE = 124;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE = 156;
    private static final int LINK = 157;
    private static final int MAGIC = 257;
    private static final int MAGIC_BYTES = 8;
    private static final int PREFIX = 345;
    private static final int PREFIX_BYTES = 155;
    private static final String POSIX = "ustar\00000";
    private static final String GNU = "ustar  \0";

    private final byte[] block;

    TarHeader(byte[] block) {
        this.block = block;
    }

    boolean isZero() {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** @throws ArchiveException where this is no header of a form that is understood */
    void check() throws ArchiveException {
        String magic = new String(block, MAGIC, MAGIC_BYTES, StandardCharsets.ISO_8859_1);
        if (!magic.equals(POSIX) && !magic.equals(GNU)) {
            throw new ArchiveException("what was sent is not a tar archive");
        }
        int sum = 0;
        for (int i = 0; i < BLOCK_BYTES; i++) {
            boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
            sum += inChecksum ? ' ' : block[i] & 0xff;
        }
        if (number(CHECKSUM, CHECKSUM_BYTES, "checksum") != sum) {
            throw new ArchiveException("the archive is damaged: a header's checksum is wrong");
        }
    }

    char type() {
        return (char) (block[TYPE] & 0xff);
    }

    String name() {
        String name = text(0, NAME_BYTES);
        boolean posix = new String(block, MAGIC, MAGIC_BYTES, StandardCharsets.ISO_8859_1).equals(POSIX);
        // GNU's own form has times in the place of the prefix.
        String prefix = posix ? text(PREFIX, PREFIX_BYTES) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String link() {
        return text(LINK, NAME_BYTES);
    }

    int mode() throws ArchiveException {
        return (int) (number(MODE, 8, "mode") & 07777);
    }

    long size() throws ArchiveException {
        long size = number(SIZE, 12, "size");
        if (size < 0) {
            throw ArchiveException.refused(name(), "its size is negative");
        }
        return size;
    }

    long seconds() throws ArchiveException {
        return number(TIME, 12, "time");
    }

    private String text(int offset, int most) {
        int end = offset;
        while (end < offset + most && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    private long number(int offset, int length, String what) throws ArchiveException {
        if ((block[offset] & 0x80) != 0) {
            return binary(offset, length, what);
        }
        String digits = text(offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw ArchiveException.refused(name(), "its " + what + " is not a number");
        }
    }

    /** GNU's form for what octal digits have no room for: two's complement below the first bit. */
    private long binary(int offset, int length, String what) throws ArchiveException {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = offset; i < offset + length; i++) {
            int octet = i == offset ? (negative ? block[i] | 0x80 : block[i] & 0x7f) & 0xff : block[i] & 0xff;
            if (value != value << 8 >> 8 || value << 8 < 0 != negative) {
                throw ArchiveException.refused(name(), "its " + what + " is out of range");
            }
            value = value << 8 | octet;
        }
        return value;
    }

    /** A block with these fields, in POSIX's form. */
    static byte[] of(String name, char type, int mode, long size, long seconds, String link) {
        byte[] block = new byte[BLOCK_BYTES];
        put(block, 0, name);
        put(block, MODE, octal(mode, 7));
        put(block, 108, octal(0, 7));
        put(block, 116, octal(0, 7));
        putNumber(block, SIZE, size);
        putNumber(block, TIME, seconds);
        block[TYPE] = (byte) type;
        put(block, LINK, link);
        put(block, MAGIC, POSIX);
        java.util.Arrays.fill(block, CHECKSUM, CHECKSUM + CHECKSUM_BYTES, (byte) ' ');
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        put(block, CHECKSUM, octal(sum, 6) + "\0 ");
        return block;
    }

    private static void put(byte[] block, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, offset, bytes.length);
    }

    private static void putNumber(byte[] block, int offset, long value) {
        if (value >= 0 && value < 1L << 33) {
            put(block, offset, octal(value, 11));
            return;
        }
        for (int i = 0; i < 12; i++) {
            int shift = 8 * (11 - i);
            block[offset + i] = (byte) (shift >= 64 ? value >> 63 : value >> shift);
        }
        block[offset] |= (byte) 0x80;
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }
}
