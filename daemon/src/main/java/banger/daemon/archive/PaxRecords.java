package banger.daemon.archive;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a POSIX extended header says of the next entry: lines of length, key and value. */
record PaxRecords(Map<String, String> values) {
    static final PaxRecords NONE = new PaxRecords(Map.of());

    private static final int MAX_NUMBER = 40;
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(1L << 40);

    static PaxRecords parse(byte[] bytes) throws ArchiveException {
        Map<String, String> values = new HashMap<>();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int space = text.indexOf(' ', at);
            int length = space < 0 || space - at > 7 ? -1 : digits(text.substring(at, space));
            int end = at + length;
            int equals = text.indexOf('=', space + 1);
            if (length <= 0 || end > text.length() || equals < 0 || equals >= end || text.charAt(end - 1) != '\n') {
                throw new ArchiveException("the archive is damaged: an extended header cannot be read");
            }
            values.put(text.substring(space + 1, equals), text.substring(equals + 1, end - 1));
            at = end;
        }
        return new PaxRecords(values);
    }

    @Nullable
    String path() {
        return values.get("path");
    }

    @Nullable
    String link() {
        return values.get("linkpath");
    }

    /** Holes are told in records of many forms, and none is asked for. */
    boolean isSparse() {
        return values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
    }

    @Nullable
    BigDecimal number(String key, String entry) throws ArchiveException {
        String text = values.get(key);
        if (text == null) {
            return null;
        }
        try {
            if (text.length() <= MAX_NUMBER && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw ArchiveException.refused(entry, "its " + key + " is not a number");
    }

    long size(String entry, long inHeader) throws ArchiveException {
        BigDecimal size = number("size", entry);
        if (size == null) {
            return inHeader;
        }
        if (size.signum() < 0 || size.scale() > 0 || size.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw ArchiveException.refused(entry, "its size is out of range");
        }
        return size.longValueExact();
    }

    /** The time of modification in seconds, with all its digits. */
    BigDecimal time(String entry, long inHeader) throws ArchiveException {
        BigDecimal time = number("mtime", entry);
        BigDecimal result = time == null ? BigDecimal.valueOf(inHeader) : time;
        if (result.abs().compareTo(MAX_SECONDS) > 0) {
            throw ArchiveException.refused(entry, "its time is out of range");
        }
        return result.setScale(9, RoundingMode.FLOOR);
    }

    private static int digits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : -1;
    }
}
