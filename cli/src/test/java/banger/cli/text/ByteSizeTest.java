package banger.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "4096,4096",
        "512M,536870912",
        "1G,1073741824",
        "1.5GiB,1610612736",
        "2gb,2147483648",
        "8 KiB,8192",
        "7B,7"
    })
    void sizesAreBinary(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "-1G",
                "0",
                "0.0M",
                "0.5",
                "1X",
                "1GG",
                "1Gi",
                "1e3",
                "NaN",
                "1.2.3G",
                "99999999G",
                "9999999999999999999",
                "1 G B"
            })
    void whatIsNoSizeIsRefusedByItsOwnText(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
        assertTrue(String.valueOf(refused.getMessage()).contains("\"" + text + "\""), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1 KiB",
        "1536,1.5 KiB",
        "1073741824,1 GiB",
        "128849018880,120 GiB",
        "1099511627775,1024 GiB"
    })
    void sizesArePrintedWithAtMostOneDecimal(long bytes, String text) {
        assertEquals(text, ByteSize.format(bytes));
    }

    @Test
    void whatIsPrintedCanBeTyped() {
        assertEquals(3L << 30, ByteSize.parse(ByteSize.format(3L << 30)));
    }
}
