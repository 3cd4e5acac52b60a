package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {
    private static final long BOUND = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aProgramThatFillsItsLogTakesNoMoreThanTheBoundAndItsLastWordsStay() throws IOException {
        Path log = folder.resolve("vmm.log");
        byte[] line = ("x".repeat(1023) + "\n").getBytes();
        try (OutputStream out = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 5000; i++) {
                out.write(line);
                if (i % 100 == 0) {
                    BoundedLog.trim(log, BOUND);
                    long used = DiskUsage.of(log) + DiskUsage.of(folder.resolve("vmm.log.1"));
                    assertTrue(used <= BOUND + 200 * line.length, () -> used + " bytes");
                }
            }
            out.write("the last words\n".getBytes());
        }
        BoundedLog.trim(log, BOUND);
        assertTrue(
                (Files.readString(folder.resolve("vmm.log.1")) + Files.readString(log)).endsWith("the last words\n"));
    }

    @Test
    void aProgramThatDoesNotAppendLeavesAHoleThatTakesNoRoom() throws IOException {
        Path log = folder.resolve("vmm.log");
        try (OutputStream out = Files.newOutputStream(log)) {
            out.write(new byte[(int) BOUND]);
            BoundedLog.trim(log, BOUND);
            out.write("more\n".getBytes());
        }
        assertEquals(BOUND + 5, Files.size(log));
        assertTrue(DiskUsage.of(log) < BOUND / 4, () -> DiskUsage.of(log) + " bytes");
        BoundedLog.trim(log, BOUND);
        assertEquals(BOUND + 5, Files.size(log), "a hole is not taken for a full log");
    }
}
