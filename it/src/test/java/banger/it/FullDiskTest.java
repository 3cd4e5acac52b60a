package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Disks that are full: a line that says so, nothing half-made, and all is well once there is room. */
class FullDiskTest {
    @BeforeAll
    static void needsRoot() {
        assumeTrue(Command.isRoot(), "a small file system is mounted, which takes root");
    }

    @Test
    void aVmThatDoesNotFitIsNotMade() {
        try (Home home = Home.empty();
                Small data = new Small(home.folder().resolve("d"), "1m")) {
            BaseImage.linkInto(home);
            for (String size : new String[] {"1m", "2m"}) {
                data.resize(size);
                home.banger("vm", "create", "--name", "large").fails(1, "no space");
                assertEquals(List.of(), home.names());
                home.assertNothingLeftOver();
            }
            data.resize("400m");
            assertEquals("large", home.create("large"));
            home.banger("vm", "delete", "large").exits(0);
            home.banger("daemon", "stop").exits(0);
        }
    }

    @Test
    void aGuestThatFillsTheHostsDiskIsToldAndStaysReachable() {
        try (Home home = Home.empty();
                Small data = new Small(home.folder().resolve("d"), "160m")) {
            BaseImage.linkInto(home);
            home.create("greedy");
            home.sh("greedy", "echo kept >/root/before && sync");
            Outcome filled =
                    home.banger("vm", "exec", "greedy", "sh", "-c", "yes | head -c 250M >/root/all && sync /root/all");
            assertTrue(filled.exit() != 0, "more was written than there is room for");
            assertEquals("still here", home.sh("greedy", "echo still here"));
            data.resize("600m");
            home.banger("vm", "restart", "greedy").exits(0);
            assertEquals("kept", home.sh("greedy", "cat /root/before; echo more >/root/after && sync"));
            home.banger("vm", "delete", "greedy").exits(0);
            home.banger("daemon", "stop").exits(0);
        }
    }

    @Test
    void aStoreWithoutRoomIsToldAndGoesOnWhenThereIsSome() throws IOException {
        try (Home home = Home.withImage()) {
            Path copy = Files.copy(home.database(), home.folder().resolve("banger.db"));
            try (Small state = new Small(home.folder().resolve("s"), "1m")) {
                Files.createDirectories(home.state());
                Files.copy(copy, home.database());
                assertEquals(List.of(), home.names());
                Path ballast = home.folder().resolve("s/ballast");
                fill(ballast);
                home.banger("vm", "create", "--name", "unborn").fails(1, "no space");
                Files.delete(ballast);
                assertEquals(List.of(), home.names());
                assertEquals("born", home.create("born"));
                home.banger("vm", "delete", "born").exits(0);
                home.banger("daemon", "stop").exits(0);
            }
        }
    }

    @Test
    void anImageThatDoesNotFitIsNotMade() {
        try (Home home = Home.empty();
                Small data = new Small(home.folder().resolve("d"), "60m")) {
            home.banger("image", "bootstrap").fails(1, "space");
            assertEquals("", home.banger("image", "list", "-q").text());
            home.assertNothingLeftOver();
            home.banger("daemon", "stop").exits(0);
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.getMessage());
        }
    }

    /** A small file system in memory, mounted for a while. */
    private record Small(Path folder) implements AutoCloseable {
        Small(Path folder, String size) {
            this(folder);
            Command.ok("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=700", "banger-it", folder.toString());
        }

        void resize(String size) {
            Command.ok("mount", "-o", "remount,size=" + size, folder.toString());
        }

        @Override
        public void close() {
            Command.ok("umount", "-l", folder.toString());
        }
    }
}
