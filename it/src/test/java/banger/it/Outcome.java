package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a program ended: its exit code and all that it wrote. */
record Outcome(List<String> command, int exit, byte[] bytes, String err) {
    private static final int MOST_SHOWN = 4000;

    String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its output without the last line feed; it must have succeeded. */
    String text() {
        return exits(0).out().strip();
    }

    Outcome exits(int expected) {
        assertEquals(expected, exit, () -> shown(command.toString()) + "\n" + shown(out()) + shown(err));
        return this;
    }

    /** It failed with this code and says these words; the message is one line, a hint line may follow. */
    Outcome fails(int expected, String... words) {
        exits(expected);
        for (String word : words) {
            assertTrue(
                    err.contains(word),
                    () -> shown(command.toString()) + " should say \"" + word + "\", and says:\n" + err);
        }
        assertTrue(!err.contains("\tat ") && !err.contains("Exception"), () -> "a stack trace: " + err);
        return this;
    }

    /** Like {@link #fails}, and there is nothing but one line of message and one of advice. */
    Outcome failsInALine(int expected, String... words) {
        fails(expected, words);
        List<String> lines = err.lines().filter(line -> !line.isBlank()).toList();
        long messages =
                lines.stream().filter(line -> !line.startsWith("  try: ")).count();
        assertEquals(1, messages, () -> shown(command.toString()) + " says more than a line:\n" + err);
        assertEquals("", out());
        return this;
    }

    private static String shown(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    }
}
