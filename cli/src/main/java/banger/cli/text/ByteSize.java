package banger.cli.text;

/** Sizes as people type and read them: binary units, {@code 512M}, {@code 1.5GiB}. */
public final class ByteSize {
    private static final String UNITS = "KMGTP";
    private static final int UNIT_SHIFT = 10;
    private static final int MOST_DIGITS = 18;
    /** One pebibyte. */
    private static final long MOST_BYTES = 1L << 50;

    private ByteSize() {}

    /**
     * The bytes of a size such as {@code 512M}, {@code 1G}, {@code 1.5GiB} or {@code 4096} (bytes).
     *
     * @throws IllegalArgumentException with a message for the user, where the text is no size above zero
     */
    public static long parse(String text) {
        int numberEnd = 0;
        while (numberEnd < text.length() && isPartOfNumber(text.charAt(numberEnd))) {
            numberEnd++;
        }
        double number = number(text, text.substring(0, numberEnd));
        double bytes = number * (1L << shift(text, text.substring(numberEnd)));
        if (bytes < 1) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size above zero");
        }
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("\"" + text + "\" is absurd: more than 1 PiB");
        }
        return (long) bytes;
    }

    /** At most three digits and a unit, such as {@code 1.5 GiB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = 0;
        long scale = 1L << UNIT_SHIFT;
        while (unit < UNITS.length() - 1 && bytes / 1024 >= scale) {
            scale <<= UNIT_SHIFT;
            unit++;
        }
        long tenths = Math.round(bytes * 10.0 / scale);
        String number = tenths % 10 == 0 || tenths >= 1000
                ? Long.toString(Math.round(tenths / 10.0))
                : tenths / 10 + "." + tenths % 10;
        return number + " " + UNITS.charAt(unit) + "iB";
    }

    private static boolean isPartOfNumber(char c) {
        return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+';
    }

    private static double number(String text, String number) {
        try {
            if (number.isEmpty() || number.length() > MOST_DIGITS) {
                throw notASize(text);
            }
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw notASize(text);
        }
    }

    private static int shift(String text, String suffix) {
        String unit = suffix.strip();
        if (unit.isEmpty() || unit.equalsIgnoreCase("b")) {
            return 0;
        }
        int index = UNITS.indexOf(Character.toUpperCase(unit.charAt(0)));
        String rest = unit.substring(1);
        if (index < 0 || !(rest.isEmpty() || rest.equalsIgnoreCase("b") || rest.equalsIgnoreCase("ib"))) {
            throw notASize(text);
        }
        return UNIT_SHIFT * (index + 1);
    }

    private static IllegalArgumentException notASize(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not a size such as 512M, 1G or 1.5GiB");
    }
}
