package banger.cli.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.session.CliFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardTest {
    @ParameterizedTest
    @CsvSource({
        "80, 127.0.0.1, 80, 80",
        "8080:80, 127.0.0.1, 8080, 80",
        "0:80, 127.0.0.1, 0, 80",
        "0.0.0.0:8080:80, 0.0.0.0, 8080, 80",
        "localhost:8080:80, localhost, 8080, 80",
        "[::1]:65535:1, ::1, 65535, 1"
    })
    void aPortIsReadWithItsAddress(String word, String bind, int host, int guest) {
        assertEquals(new Forward(bind, host, guest), Forward.parse("vm port-forward", word));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "0",
                "8080:",
                ":80",
                "8080:0",
                "65536:1",
                "1:65536",
                "-1:80",
                "+1:80",
                "a:b",
                "8080:80:",
                ":8080:80",
                "::1:8080:80",
                "1:2:3:4",
                "٣:80",
                "000080:80"
            })
    void whatIsNoPortIsAnErrorThatQuotesIt(String word) {
        CliFailure e = assertThrows(CliFailure.class, () -> Forward.parse("vm port-forward", word));
        assertTrue(e.text().contains("\"" + word + "\""), e.text());
    }
}
