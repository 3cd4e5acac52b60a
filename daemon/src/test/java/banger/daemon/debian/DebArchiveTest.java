package banger.daemon.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebArchiveTest {
    @TempDir
    Path folder;

    @Test
    void everyFileIsHandedOver() throws IOException {
        Path deb =
                DebFile.write(folder.resolve("a.deb"), Map.of("./boot/vmlinuz-1", bytes("kernel"), "usr/x", bytes("")));
        Map<String, String> found = new TreeMap<>();
        new DebArchive(deb)
                .forEachFile(
                        (name, content) -> found.put(name, new String(content.readAllBytes(), StandardCharsets.UTF_8)));
        assertEquals(Map.of("boot/vmlinuz-1", "kernel", "usr/x", ""), found);
    }

    @Test
    void aFileOutsideOfTheRootIsRefused() throws IOException {
        Path deb = DebFile.write(folder.resolve("a.deb"), Map.of("./usr/../../etc/passwd", bytes("x")));
        Problem problem = assertThrows(Problem.class, () -> new DebArchive(deb).forEachFile((name, content) -> {}));
        assertTrue(problem.getMessage().contains("outside of its root"), problem.getMessage());
    }

    @Test
    void somethingElseIsToldApart() throws IOException {
        Path deb = Files.writeString(folder.resolve("a.deb"), "!<arch>\n");
        Problem problem = assertThrows(Problem.class, () -> new DebArchive(deb).forEachFile((name, content) -> {}));
        assertTrue(problem.getMessage().contains("is not a Debian package"), problem.getMessage());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
