package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirecrackerMachineTest {
    @TempDir
    Path folder;

    @Test
    void aLinkInAFrozenFilesPlaceIsNotTaken() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "the host's");
        Path link = Files.createSymbolicLink(folder.resolve("frozen.mem"), secret);
        Path to = folder.resolve("memory");
        assertThrows(IOException.class, () -> FirecrackerMachine.take(link, to));
        assertFalse(Files.exists(to, LinkOption.NOFOLLOW_LINKS));
        assertEquals("the host's", Files.readString(secret));
    }

    @Test
    void aPlainFileIsMoved() throws IOException {
        Path made = Files.writeString(folder.resolve("frozen.mem"), "memory");
        FirecrackerMachine.take(made, folder.resolve("memory"));
        assertEquals("memory", Files.readString(folder.resolve("memory")));
    }
}
