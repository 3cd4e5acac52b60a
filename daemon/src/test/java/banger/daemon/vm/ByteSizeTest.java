package banger.daemon.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteSizeTest {
    @Test
    void readsWhatPeopleWrite() {
        assertEquals(512L << 20, ByteSize.parse("memory", "512M"));
        assertEquals(1L << 30, ByteSize.parse("memory", "1G"));
        assertEquals(1L << 30, ByteSize.parse("memory", "1 GiB"));
        assertEquals(3L << 29, ByteSize.parse("memory", "1.5GiB"));
        assertEquals(1L << 30, ByteSize.parse("memory", "1gb"));
        assertEquals(2L << 40, ByteSize.parse("disk", "2T"));
        assertEquals(4096, ByteSize.parse("disk", "4k"));
        assertEquals(4096, ByteSize.parse("disk", "4096"));
        assertEquals(4096, ByteSize.parse("disk", "4096 B"));
        assertEquals(ByteSize.MAX_BYTES, ByteSize.parse("disk", "1024T"));
    }

    @Test
    void refusesWhatIsNoSize() {
        for (String wrong : List.of(
                "",
                " ",
                "G",
                "1 G B",
                "1,5G",
                "1e9",
                "0x10",
                "1G1",
                "ten",
                "1..5G",
                ".5G",
                "1GG",
                "+1G",
                "NaN",
                "１G",
                "1".repeat(5000))) {
            assertRefused(wrong, "is not a size");
        }
    }

    @Test
    void refusesZeroNegativeAbsurdAndHalfAByte() {
        assertRefused("0", "not more than zero");
        assertRefused("0.0G", "not more than zero");
        assertRefused("-1G", "not more than zero");
        assertRefused("1025T", "more than 1024 TiB");
        assertRefused("99999999999999999999999999T", "more than 1024 TiB");
        assertRefused("0.5", "whole number of bytes");
    }

    @Test
    void theMessageNamesTheSettingAndIsSafeToPrint() {
        Problem problem = assertThrows(Problem.class, () -> ByteSize.parse("memory", "\u001b[2J"));
        assertEquals(
                "memory \"?[2J\" is not a size: expected a number and a unit, such as 512M, 1G or 1.5 GiB",
                problem.getMessage());
    }

    @Test
    void writesTheLargestUnitThatFits() {
        assertEquals("0 B", ByteSize.format(0));
        assertEquals("1023 B", ByteSize.format(1023));
        assertEquals("1 KiB", ByteSize.format(1024));
        assertEquals("1.5 GiB", ByteSize.format(3L << 29));
        assertEquals("8 GiB", ByteSize.format(8L << 30));
        assertEquals("1024 TiB", ByteSize.format(ByteSize.MAX_BYTES));
    }

    @Test
    void whatItWritesItReads() {
        for (long bytes : new long[] {1, 1024, 3L << 29, 8L << 30, 1L << 40, ByteSize.MAX_BYTES}) {
            assertEquals(bytes, ByteSize.parse("size", ByteSize.format(bytes)));
        }
    }

    private static void assertRefused(String text, String reason) {
        Problem problem = assertThrows(Problem.class, () -> ByteSize.parse("memory", text), text);
        assertEquals(Problem.Kind.INVALID_ARGUMENT, problem.kind());
        assertTrue(problem.getMessage().contains(reason), problem.getMessage());
        assertTrue(problem.getMessage().length() < 200, problem.getMessage());
    }
}
