package banger.daemon.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a tar archive in turn: POSIX's form, and GNU's for long names and large numbers.
 *
 * <p>Anything else is refused: devices, pipes, holes, unknown types. The archive must end as it should; where the stream
 * ends earlier, {@link #next} says so.
 */
public final class TarReader {
    private static final int MAX_EXTENSION_BYTES = 1 << 20;
    private static final int MAX_NAME_BYTES = 4096;
    /** Programs fill the last record up; 10,240 bytes is the custom. */
    private static final int MAX_PADDING_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 65_536;

    private final InputStream in;
    private long unread;
    private long padding;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /** The next entry, whose content may then be copied, or null at the end. */
    public @Nullable TarEntry next() throws IOException {
        skip(unread + padding);
        unread = 0;
        padding = 0;
        PaxRecords records = PaxRecords.NONE;
        String longName = null;
        String longLink = null;
        while (true) {
            TarHeader header = new TarHeader(block());
            if (header.isZero()) {
                end();
                return null;
            }
            header.check();
            switch (header.type()) {
                case 'x' -> records = PaxRecords.parse(extension(header));
                case 'L' -> longName = text(extension(header));
                case 'K' -> longLink = text(extension(header));
                default -> {
                    return entry(header, records, longName, longLink);
                }
            }
        }
    }

    /** Copies the content of the entry just read. @param told how many bytes went on, each time */
    public void copyContent(OutputStream out, LongConsumer told) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (unread > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, unread));
            if (count < 0) {
                throw new EOFException("the archive ended inside a file");
            }
            out.write(buffer, 0, count);
            unread -= count;
            told.accept(count);
        }
    }

    private TarEntry entry(TarHeader header, PaxRecords records, @Nullable String longName, @Nullable String longLink)
            throws IOException {
        String name = first(records.path(), longName, header.name());
        String link = first(records.link(), longLink, header.link());
        TarEntry.Kind kind = kind(header, name);
        if (records.isSparse()) {
            throw ArchiveException.refused(name, "it is stored with holes");
        }
        if (name.length() > MAX_NAME_BYTES || link.length() > MAX_NAME_BYTES) {
            throw ArchiveException.refused(name, "its name has more than " + MAX_NAME_BYTES + " bytes");
        }
        if (name.indexOf('\0') >= 0 || link.indexOf('\0') >= 0) {
            throw ArchiveException.refused(name, "its name has a zero byte");
        }
        long size = records.size(name, header.size());
        if (kind != TarEntry.Kind.FILE && size != 0) {
            throw ArchiveException.refused(name, "it has content, and is not a file");
        }
        unread = size;
        padding = -size & (TarHeader.BLOCK_BYTES - 1);
        BigDecimal time = records.time(name, header.seconds());
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        int nanos = time.subtract(seconds).movePointRight(9).intValueExact();
        boolean linked = kind == TarEntry.Kind.SYMBOLIC_LINK || kind == TarEntry.Kind.HARD_LINK;
        return new TarEntry(kind, name, linked ? link : "", header.mode(), size, seconds.longValueExact(), nanos);
    }

    private static TarEntry.Kind kind(TarHeader header, String name) throws ArchiveException {
        return switch (header.type()) {
            case '0', '\0' -> TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMBOLIC_LINK;
            case '5' -> TarEntry.Kind.FOLDER;
            case '3', '4' -> throw ArchiveException.refused(name, "it is a device");
            case '6' -> throw ArchiveException.refused(name, "it is a named pipe");
            case 'S' -> throw ArchiveException.refused(name, "it is stored with holes");
            default -> throw ArchiveException.refused(name, "it is of an unknown type");
        };
    }

    private byte[] extension(TarHeader header) throws IOException {
        long size = header.size();
        if (size > MAX_EXTENSION_BYTES) {
            throw ArchiveException.refused(header.name(), "an extended header has " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException("the archive ended inside a header");
        }
        skip(-size & (TarHeader.BLOCK_BYTES - 1));
        return bytes;
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK_BYTES);
        if (block.length < TarHeader.BLOCK_BYTES) {
            throw new EOFException("the archive ended before its end was told");
        }
        return block;
    }

    private void end() throws IOException {
        if (!new TarHeader(block()).isZero()) {
            throw new ArchiveException("the archive is damaged: only half of its end is there");
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        long rest = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            rest += count;
            if (rest > MAX_PADDING_BYTES) {
                throw new ArchiveException("there is more behind the archive's end");
            }
        }
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw new EOFException("the archive ended inside a file");
        }
    }

    private static String text(byte[] bytes) {
        int end = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static String first(@Nullable String pax, @Nullable String gnu, String header) {
        return pax != null ? pax : gnu != null ? gnu : header;
    }
}
