package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScratchTest {
    @TempDir
    Path folder;

    private HostPaths paths;

    @BeforeEach
    void open() {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
    }

    @Test
    void closingRemovesEverything() throws IOException {
        Path inside;
        try (Scratch scratch = Scratch.open(paths, "test")) {
            inside = scratch.folder();
            Path deep = Files.createDirectories(inside.resolve("a/b"));
            Files.writeString(deep.resolve("file"), "x");
            Files.createSymbolicLink(deep.resolve("link"), folder);
        }
        assertFalse(Files.exists(inside));
        assertTrue(Files.exists(folder));
    }

    @Test
    void whatACrashLeftIsSwept() throws IOException {
        Path left = Scratch.open(paths, "crashed").folder();
        Files.writeString(left.resolve("half"), "x");
        Files.writeString(paths.scratch().resolve("blank-half"), "x");
        Scratch.sweep(paths);
        try (Stream<Path> files = Files.list(paths.scratch())) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void whatACrashLeftRunningIsEnded() throws Exception {
        Path left = Scratch.open(paths, "crashed").folder();
        Process orphan = new ProcessBuilder("unshare", "--fork", "sh", "-c", "sleep 300", left + "/x").start();
        try {
            // Until it has become unshare, its command is Java's.
            while (orphan.isAlive() && !orphan.info().command().orElse("").endsWith("/unshare")) {
                Thread.sleep(5);
            }
            Scratch.sweep(paths);
            assertTrue(orphan.waitFor(30, TimeUnit.SECONDS));
        } finally {
            orphan.descendants().forEach(ProcessHandle::destroyForcibly);
            orphan.destroyForcibly();
        }
    }

    @Test
    void sweepingAFreshHostDoesNothing() {
        Scratch.sweep(paths);
        assertFalse(Files.exists(paths.scratch()));
    }
}
