package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseDigestTest {
    private static final int LENGTH = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void holesAndWrittenZerosAreTheSame() throws IOException {
        Path written = folder.resolve("written");
        byte[] bytes = new byte[LENGTH];
        bytes[500_000] = 1;
        Files.write(written, bytes);
        assertEquals(SparseDigest.of(written), SparseDigest.of(sparse("sparse", LENGTH, 500_000)));
    }

    @Test
    void placeAndLengthCount() throws IOException {
        String digest = SparseDigest.of(sparse("file", LENGTH, 500_000));
        assertNotEquals(digest, SparseDigest.of(sparse("elsewhere", LENGTH, 600_000)));
        assertNotEquals(digest, SparseDigest.of(sparse("same-block", LENGTH, 500_001)));
        assertNotEquals(digest, SparseDigest.of(sparse("longer", LENGTH + 1, 500_000)));
        assertNotEquals(digest, SparseDigest.of(sparse("last", LENGTH, LENGTH - 1)));
    }

    private Path sparse(String name, long length, long place) throws IOException {
        Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
            file.seek(place);
            file.write(1);
        }
        return path;
    }
}
