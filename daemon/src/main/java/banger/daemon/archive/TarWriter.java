package banger.daemon.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a tar archive entry by entry. */
public final class TarWriter {
    /** How what a plain header has no room for is said. */
    public enum Form {
        /** POSIX extended headers, with parts of a second. */
        PAX,
        /** GNU's long names, which small tars understand, too; whole seconds. */
        GNU
    }

    private static final String LONG_NAME = "././@LongLink";

    private final OutputStream out;
    private final Form form;
    private long padding;

    public TarWriter(OutputStream out, Form form) {
        this.out = out;
        this.form = form;
    }

    /** Begins an entry; the caller then writes as many bytes to {@link #content} as its size says. */
    public void put(TarEntry entry) throws IOException {
        pad();
        switch (form) {
            case PAX -> extend(entry);
            case GNU -> {
                longText('L', entry.name());
                longText('K', entry.link());
            }
        }
        out.write(TarHeader.of(
                cut(entry.name()),
                entry.kind().flag(),
                entry.mode(),
                entry.size(),
                entry.seconds(),
                cut(entry.link())));
        padding = -entry.size() & (TarHeader.BLOCK_BYTES - 1);
    }

    public OutputStream content() {
        return out;
    }

    /** Writes the end; the stream stays open. */
    public void finish() throws IOException {
        pad();
        out.write(new byte[2 * TarHeader.BLOCK_BYTES]);
        out.flush();
    }

    private void pad() throws IOException {
        out.write(new byte[(int) padding]);
        padding = 0;
    }

    private void extend(TarEntry entry) throws IOException {
        StringBuilder records = new StringBuilder();
        if (entry.name().length() > TarHeader.NAME_BYTES) {
            records.append(record("path", entry.name()));
        }
        if (entry.link().length() > TarHeader.NAME_BYTES) {
            records.append(record("linkpath", entry.link()));
        }
        if (entry.nanos() != 0) {
            // As a decimal fraction: before 1970 the seconds are negative and the fraction still adds to them.
            var time =
                    java.math.BigDecimal.valueOf(entry.seconds()).add(java.math.BigDecimal.valueOf(entry.nanos(), 9));
            records.append(record("mtime", time.toPlainString()));
        }
        if (!records.isEmpty()) {
            extra("PaxHeaders/x", 'x', records.toString());
        }
    }

    private void longText(char type, String text) throws IOException {
        if (text.length() > TarHeader.NAME_BYTES) {
            extra(LONG_NAME, type, text + "\0");
        }
    }

    private void extra(String name, char type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.write(TarHeader.of(name, type, 0644, bytes.length, 0, ""));
        out.write(bytes);
        padding = -bytes.length & (TarHeader.BLOCK_BYTES - 1);
        pad();
    }

    /** A record begins with its own length, digits included. */
    private static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 1;
        while (Integer.toString(length).length() + rest.length() != length) {
            length = Integer.toString(length).length() + rest.length();
        }
        return length + rest;
    }

    private static String cut(String text) {
        return text.length() > TarHeader.NAME_BYTES ? text.substring(0, TarHeader.NAME_BYTES) : text;
    }
}
