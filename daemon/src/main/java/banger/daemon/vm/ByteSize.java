package banger.daemon.vm;

import banger.daemon.problem.Problem;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes as people write them: {@code 512M}, {@code 1G}, {@code 1.5 GiB}; every unit is a power of 1024. */
public final class ByteSize {
    /** More than any disk that a VM could want: above it a size is a slip of the finger. */
    public static final long MAX_BYTES = 1L << 50;

    private static final int MAX_TEXT = 40;
    private static final Pattern FORM =
            Pattern.compile("(-?\\d+(?:\\.\\d+)?) ?(?:([KMGT])(?:i?B)?|B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";
    private static final String EXPECTED = "expected a number and a unit, such as 512M, 1G or 1.5 GiB";

    private ByteSize() {}

    /**
     * The bytes that the text stands for.
     *
     * @param what what the size is of, for the message: {@code "memory"}
     * @throws Problem INVALID_ARGUMENT where it is no size, not positive, not whole bytes, or absurd
     */
    public static long parse(String what, String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > MAX_TEXT || !matcher.matches()) {
            throw invalid(what, text, "is not a size: " + EXPECTED);
        }
        String unit = matcher.group(2);
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit(unit)));
        if (bytes.signum() <= 0) {
            throw invalid(what, text, "is not more than zero");
        }
        if (bytes.compareTo(BigDecimal.valueOf(MAX_BYTES)) > 0) {
            throw invalid(what, text, "is more than " + format(MAX_BYTES));
        }
        if (bytes.stripTrailingZeros().scale() > 0) {
            throw invalid(what, text, "is not a whole number of bytes");
        }
        return bytes.longValueExact();
    }

    /** The size for a person, in the largest unit that leaves at least one: {@code "1.5 GiB"}. */
    public static String format(long bytes) {
        long size = Math.max(bytes, 0);
        if (size < 1024) {
            return size + " B";
        }
        int unit = Math.min((63 - Long.numberOfLeadingZeros(size)) / 10, UNITS.length());
        long tenths = Math.round((double) size / (1L << 10 * unit) * 10);
        String fraction = tenths % 10 == 0 ? "" : "." + tenths % 10;
        return tenths / 10 + fraction + " " + UNITS.charAt(unit - 1) + "iB";
    }

    private static long unit(@Nullable String letter) {
        return letter == null ? 1 : 1L << 10 * (UNITS.indexOf(letter.toUpperCase(Locale.ROOT)) + 1);
    }

    private static Problem invalid(String what, String text, String wrong) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        String shown = plain.length() > MAX_TEXT ? plain.substring(0, MAX_TEXT) + "…" : plain;
        return new Problem(Problem.Kind.INVALID_ARGUMENT, what + " \"" + shown + "\" " + wrong, null);
    }
}
