package banger.daemon.archive;

/**
 * One entry of an archive.
 *
 * <p>Names are bytes and need not be text in any encoding: each char of {@code name} and {@code link} is one byte.
 *
 * @param link what a link points to; empty for others
 * @param mode permission bits, with set-id and sticky
 * @param size bytes of content that follow; 0 for all but files
 * @param seconds of the time of modification, since 1970
 * @param nanos 0 to 999,999,999, on top of the seconds
 */
public record TarEntry(Kind kind, String name, String link, int mode, long size, long seconds, int nanos) {
    /** What an entry makes. */
    public enum Kind {
        FILE('0'),
        HARD_LINK('1'),
        SYMBOLIC_LINK('2'),
        FOLDER('5');

        private final char flag;

        Kind(char flag) {
            this.flag = flag;
        }

        char flag() {
            return flag;
        }
    }

    public TarEntry named(String other) {
        return new TarEntry(kind, other, link, mode, size, seconds, nanos);
    }

    public TarEntry linkedTo(String other) {
        return new TarEntry(kind, name, other, mode, size, seconds, nanos);
    }

    /** The same with only those bits of its mode. */
    public TarEntry masked(int bits) {
        return new TarEntry(kind, name, link, mode & bits, size, seconds, nanos);
    }

    /** A name of bytes for a person: as UTF-8, without control characters, and not endless. */
    public static String printable(String name) {
        String text = new String(
                        name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                        java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }

    private static final int MAX_SHOWN = 300;
}
