package banger.daemon.config;

import java.util.List;
import java.util.Set;

/** Guesses which key was meant. */
final class Spelling {
    private Spelling() {}

    /** {@code "; did you mean WORD or OTHER?"} for the nearest keys that are near enough, else nothing. */
    static String suggestion(String written, Set<String> keys) {
        int least = keys.stream()
                .filter(key -> isNear(written, key))
                .mapToInt(key -> nearness(written, key))
                .min()
                .orElse(-1);
        List<String> nearest = keys.stream()
                .filter(key -> isNear(written, key) && nearness(written, key) == least)
                .toList();
        return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
    }

    /** Of a short word most letters must be right. */
    private static boolean isNear(String written, String key) {
        int most = Math.min(Math.max(2, leaf(key).length() / 3), leaf(written).length() / 2);
        return nearness(written, key) <= most;
    }

    /** The distance of the whole keys, or of their last parts: the right key in the wrong table is near. */
    private static int nearness(String written, String key) {
        return Math.min(distance(written, key), distance(leaf(written), leaf(key)));
    }

    private static String leaf(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Levenshtein's: the least number of letters put in, taken out or changed. */
    static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
