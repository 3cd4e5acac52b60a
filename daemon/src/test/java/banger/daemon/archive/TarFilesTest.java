package banger.daemon.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarFilesTest {
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final List<Long> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 4096, 1 << 20})
    void filesAreCountedHoweverTheBytesCome(int chunkBytes) throws IOException {
        byte[] archive = new RawTar()
                .folder("src/")
                .file("src/one", "x".repeat(1025))
                .pax("path", "src/long")
                .file("src/l", "y".repeat(512))
                .entry('L', "././@LongLink", "", "src/longer\0")
                .link("src/longe", "one")
                .file("empty", "")
                .bytesEnded();
        var twice = new ByteArrayOutputStream();
        twice.write(archive);
        twice.write(archive);
        send(twice.toByteArray(), chunkBytes);
        assertArrayEquals(twice.toByteArray(), passed.toByteArray());
        assertEquals(8, told.getLast());
    }

    @Test
    void whatIsNoArchivePassesOn() throws IOException {
        byte[] noise = new byte[5000];
        java.util.Arrays.fill(noise, (byte) 'z');
        send(noise, 100);
        assertArrayEquals(noise, passed.toByteArray());
    }

    private void send(byte[] bytes, int chunkBytes) throws IOException {
        try (var out = new TarFiles(passed, told::add)) {
            for (int at = 0; at < bytes.length; at += chunkBytes) {
                out.write(bytes, at, Math.min(chunkBytes, bytes.length - at));
            }
        }
    }
}
