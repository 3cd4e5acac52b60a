package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseCopyTest {
    private static final int CHUNK = 192 * 1024;

    @TempDir
    Path folder;

    /** The bytes of the file that are not holes. */
    private static long dataBytes(Path file) throws IOException {
        int fd = Libc.open(file, Libc.O_RDONLY, 0);
        try {
            long sum = 0;
            DataExtents extents = new DataExtents(fd);
            while (extents.next()) {
                sum += extents.end() - extents.start();
            }
            return sum;
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void holesStayHolesAndBytesStayBytes() throws IOException {
        Path source = folder.resolve("source");
        byte[] data = new byte[CHUNK];
        new Random(7).nextBytes(data);
        long[] places = {0, 64L << 20, (4L << 30) - CHUNK};
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(5L << 30);
            for (long place : places) {
                file.seek(place);
                file.write(data);
            }
        }
        Path copy = folder.resolve("copy");
        SparseCopy.copy(source, copy);

        assertEquals(5L << 30, Files.size(copy));
        assertEquals(dataBytes(source), dataBytes(copy));
        assertTrue(dataBytes(copy) < 4L * CHUNK);
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "r")) {
            for (long place : places) {
                byte[] found = new byte[CHUNK];
                file.seek(place);
                file.readFully(found);
                assertArrayEquals(data, found);
            }
        }
    }

    @Test
    void aFileWithoutHolesIsCopiedWhole() throws IOException {
        Path source = folder.resolve("source");
        byte[] data = new byte[3 * 1024 * 1024 + 17];
        new Random(8).nextBytes(data);
        Files.write(source, data);
        SparseCopy.copy(source, folder.resolve("copy"));
        assertArrayEquals(data, Files.readAllBytes(folder.resolve("copy")));
    }

    @Test
    void aFileWhichIsOneHoleHasNoData() throws IOException {
        Path source = folder.resolve("source");
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        SparseCopy.copy(source, folder.resolve("copy"));
        assertEquals(1L << 30, Files.size(folder.resolve("copy")));
        assertEquals(0, dataBytes(folder.resolve("copy")));
    }

    @Test
    void anExistingTargetIsRefusedAndKept() throws IOException {
        Path source = Files.writeString(folder.resolve("source"), "new");
        Path target = Files.writeString(folder.resolve("target"), "old");
        assertThrows(IOException.class, () -> SparseCopy.copy(source, target));
        assertEquals("old", Files.readString(target));
    }

    @Test
    void aMissingSourceIsNamedAndLeavesNothing() {
        Path target = folder.resolve("target");
        IOException failure = assertThrows(IOException.class, () -> SparseCopy.copy(folder.resolve("nothing"), target));
        assertTrue(failure.getMessage().contains("nothing: No such file"), failure.getMessage());
        assertFalse(Files.exists(target));
    }
}
