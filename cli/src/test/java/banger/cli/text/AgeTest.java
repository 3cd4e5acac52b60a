package banger.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2000-02-29T23:59:59Z",
                "2024-03-01T00:00:00.123456Z",
                "2100-03-01T12:00:00Z"
            })
    void timesAreReadAsTheLibraryReadsThem(String iso) {
        long then = Instant.parse(iso).getEpochSecond();
        assertEquals("7 s", Age.since(iso, (then + 7) * 1000));
    }

    @ParameterizedTest
    @CsvSource({"0,0 s", "59,59 s", "60,1 min", "3599,59 min", "3600,1 h", "172799,47 h", "172800,2 d"})
    void anAgeHasOneUnit(long seconds, String text) {
        assertEquals(text, Age.format(seconds));
    }

    @Test
    void aClockThatIsBehindMakesNoNegativeAge() {
        assertEquals(
                "0 s",
                Age.since(
                        "2026-01-01T00:00:10Z",
                        Instant.parse("2026-01-01T00:00:00Z").toEpochMilli()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-01-01", "2026-xx-01T00:00:00Z", "2026-01-01T00:00:00+02:00"})
    void whatIsNoTimeHasNoAge(String text) {
        assertEquals("-", Age.since(text, 0));
    }

    @ParameterizedTest
    @CsvSource({"0,0.0 s", "310,0.3 s", "59999,59.9 s", "60000,1 min 0 s", "185000,3 min 5 s"})
    void aSpanHasTenthsWhileItIsShort(long millis, String text) {
        assertEquals(text, Age.elapsed(millis));
    }
}
