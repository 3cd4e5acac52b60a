package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDigestsTest {
    @TempDir
    Path folder;

    private final KnownDigests digests = new KnownDigests();
    private Path file;

    @BeforeEach
    void aFileIsKnown() throws IOException {
        file = write("file", "one");
        assertEquals(Sha256.of(file), digests.of(file));
    }

    private Path write(String name, String text) throws IOException {
        Path written = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(written, FileTime.from(Instant.EPOCH));
        return written;
    }

    /** Which shows by its answer where the file is made another in a way that leaves no trace. */
    @Test
    void aFileThatIsTheSameIsNotReadAgain() throws IOException {
        String before = digests.of(file);
        write("file", "two");
        assertEquals(before, digests.of(file));
    }

    @Test
    void aFileThatWasWrittenLaterOrIsLongerIsReadAgain() throws IOException {
        write("file", "two");
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusNanos(1000)));
        assertEquals(Sha256.of(file), digests.of(file));
        write("file", "three");
        assertEquals(Sha256.of(file), digests.of(file));
    }

    @Test
    void anotherFileInItsPlaceIsReadAgain() throws IOException {
        Files.move(write("other", "two"), file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(Sha256.of(file), digests.of(file));
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        Files.delete(file);
        var gone = assertThrows(NoSuchFileException.class, () -> digests.of(file));
        assertEquals(file.toString(), gone.getFile());
    }
}
