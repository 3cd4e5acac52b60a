package banger.daemon.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.os.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyDiskTest {
    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-000000000002";

    @TempDir
    Path folder;

    @Test
    void itHasRoomForItsContentAndLittleMore() throws IOException {
        Path content = Files.createDirectory(folder.resolve("content"));
        for (int i = 0; i < 3000; i++) {
            Files.writeString(content.resolve("file-" + i), "number " + i);
        }
        Files.write(content.resolve("large"), new byte[30 << 20]);
        Files.createSymbolicLink(content.resolve("link"), Path.of("large"));
        Path disk = make(content, "disk");

        Command.of("e2fsck", "-fn", disk.toString()).succeed();
        assertEquals(
                "number 2999",
                Command.of("debugfs", "-R", "cat /file-2999", disk.toString()).succeed());
        assertTrue(Files.size(disk) < 60 << 20, Files.size(disk) + " bytes");
        assertFalse(Command.of("dumpe2fs", "-h", disk.toString()).succeed().contains("has_journal"));
    }

    @Test
    void anEmptyFolderIsEnough() throws IOException {
        Path disk = make(Files.createDirectory(folder.resolve("empty")), "disk");
        Command.of("e2fsck", "-fn", disk.toString()).succeed();
    }

    @Test
    void theSameContentGivesTheSameBytes() throws IOException {
        Path content = Files.createDirectory(folder.resolve("content"));
        Files.writeString(content.resolve("file"), "text");
        // The first to read a new file changes its time of access, and that is content too.
        make(content, "warm-up");
        assertEquals(-1, Files.mismatch(make(content, "one"), make(content, "two")));
    }

    private Path make(Path content, String name) {
        Path disk = folder.resolve(name);
        new ReadOnlyDisk("test", UUID, content).make(disk, command -> command);
        return disk;
    }
}
