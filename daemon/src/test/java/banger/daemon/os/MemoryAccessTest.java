package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryAccessTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, ALL, ALL", "1, DESCENDANTS, ALL", "2, NONE, ALL", "3, NONE, NONE"})
    void itIsWhatTheKernelSaysAndWhoAsks(String scope, MemoryAccess ofUsers, MemoryAccess ofThePrivileged)
            throws IOException {
        Path file = Files.writeString(folder.resolve("scope"), scope + "\n");
        assertEquals(ofUsers, MemoryAccess.read(file, false));
        assertEquals(ofThePrivileged, MemoryAccess.read(file, true));
    }

    @Test
    void aKernelThatSaysNothingForbidsNothing() {
        assertEquals(MemoryAccess.ALL, MemoryAccess.read(folder.resolve("none"), false));
    }
}
