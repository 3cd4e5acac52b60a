package banger.cli.text;

import org.jspecify.annotations.Nullable;

/**
 * How long ago something was, and how long it took, in one or two units.
 *
 * <p>Reads the daemon's ISO-8601 times in UTC by hand: the library's formatter costs a list more than the list itself.
 */
public final class Age {
    private static final int DATE_TIME_LENGTH = "2026-01-31T23:59:59".length();
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Age() {}

    /** The age at {@code nowMillis} of an ISO-8601 time, or {@code "-"} where it is null or not one. */
    public static String since(@Nullable String isoTime, long nowMillis) {
        long then = epochSeconds(isoTime);
        return then < 0 ? "-" : format(Math.max(0, nowMillis / 1000 - then));
    }

    /** The larger unit of a span: {@code 40 s}, {@code 5 min}, {@code 3 h}, {@code 12 d}. */
    public static String format(long seconds) {
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min";
        }
        return seconds < 2 * DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
    }

    /** A span with tenths while it is short: {@code 0.3 s}, {@code 12.0 s}, {@code 3 min 5 s}. */
    public static String elapsed(long millis) {
        long tenths = millis / 100;
        if (tenths < 600) {
            return tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = millis / 1000;
        return seconds / MINUTE + " min " + seconds % MINUTE + " s";
    }

    private static long epochSeconds(@Nullable String isoTime) {
        if (isoTime == null || isoTime.length() < DATE_TIME_LENGTH || !isoTime.endsWith("Z")) {
            return -1;
        }
        try {
            long year = field(isoTime, 0, 4);
            long month = field(isoTime, 5, 7);
            long day = field(isoTime, 8, 10);
            long seconds = field(isoTime, 11, 13) * HOUR + field(isoTime, 14, 16) * MINUTE + field(isoTime, 17, 19);
            return daysSince1970(year, month, day) * DAY + seconds;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static long field(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** Days of the Gregorian calendar, counted in years that begin in March, so that the leap day comes last. */
    private static long daysSince1970(long year, long month, long day) {
        long marchYear = month > 2 ? year : year - 1;
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468;
    }
}
