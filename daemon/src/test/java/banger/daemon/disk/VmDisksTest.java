package banger.daemon.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmDisksTest {
    private static final long GIB = 1L << 30;
    private static final String SEED = "5eed";

    @TempDir
    Path folder;

    private HostPaths paths;
    private VmDisks disks;

    @BeforeEach
    void open() {
        paths = new HostPaths(
                        folder.resolve("c"),
                        folder.resolve("s"),
                        folder.resolve("d"),
                        folder.resolve("a"),
                        folder.resolve("r"))
                .prepare();
        disks = new VmDisks(paths);
    }

    @Test
    void aRootDiskIsEmptyButForItsFoldersOfRoots() {
        Path disk = folder.resolve("root.ext4");
        disks.makeRoot(disk, 8 * GIB);
        String listed = debugfs("ls -l", disk);
        for (String name : new String[] {"upper", "work", "docker", "containers"}) {
            assertTrue(
                    listed.lines().anyMatch(line -> line.matches(".* 40755 \\(2\\) +0 +0 .* " + name)),
                    name + " in:\n" + listed);
        }
        check(disk);
        assertEquals(8 * GIB, disk.toFile().length());
    }

    @Test
    void aRootDiskCostsLittle() {
        Path disk = folder.resolve("root.ext4");
        disks.makeRoot(disk, 8 * GIB);
        long kibibytes =
                Long.parseLong(Command.of("du", "-k", disk.toString()).succeed().split("\\s")[0]);
        assertTrue(kibibytes < 2048, kibibytes + " KiB");
    }

    @Test
    void theSecondOfASizeIsTheSame() throws IOException {
        disks.makeRoot(folder.resolve("one.ext4"), GIB);
        assertTrue(Files.exists(paths.blankDisk(GIB)));
        disks.makeRoot(folder.resolve("two.ext4"), GIB);
        assertEquals(-1, Files.mismatch(folder.resolve("one.ext4"), folder.resolve("two.ext4")));
        assertScratchIsEmpty();
    }

    @Test
    void aWorkDiskHoldsTheSeedsFilesAtAnySize() throws IOException {
        makeSeed(GIB);
        for (long bytes : new long[] {GIB / 2, GIB, 3 * GIB}) {
            Path disk = folder.resolve("work-" + bytes);
            disks.makeWork(disk, bytes, SEED);
            assertEquals(bytes, Files.size(disk));
            assertEquals("hello", debugfs("cat /greeting", disk));
            check(disk);
        }
    }

    @Test
    void aWorkDiskCanGrow() throws IOException {
        makeSeed(GIB);
        Path disk = folder.resolve("work");
        disks.makeWork(disk, 20 * GIB, SEED);
        // The agent's online growth needs the blocks that are kept for it; offline growth shows what they allow.
        Command.of("resize2fs", "-f", disk.toString()).succeed();
        check(disk);
        assertTrue(Command.of("dumpe2fs", "-h", disk.toString())
                .succeed()
                .contains("Block count:              " + 20 * GIB / 4096));
    }

    @Test
    void aMissingSeedLeavesNoDisk() {
        Path disk = folder.resolve("work");
        Problem problem = assertThrows(Problem.class, () -> disks.makeWork(disk, GIB, "absent"));
        assertTrue(problem.getMessage().contains("absent.ext4"), problem.getMessage());
        assertFalse(Files.exists(disk));
    }

    @Test
    void anExistingDiskIsNotTouched() throws IOException {
        makeSeed(GIB);
        Path disk = Files.writeString(folder.resolve("work"), "mine");
        assertThrows(Problem.class, () -> disks.makeWork(disk, GIB, SEED));
        assertThrows(Problem.class, () -> disks.makeRoot(disk, GIB));
        assertArrayEquals("mine".getBytes(), Files.readAllBytes(disk));
    }

    @Test
    void absurdSizesAreRefused() {
        for (long bytes : new long[] {-1, 0, 4096, VmDisks.MIN_BYTES + 1, VmDisks.MAX_BYTES + 4096}) {
            Problem problem = assertThrows(Problem.class, () -> disks.makeRoot(folder.resolve("disk"), bytes));
            assertEquals(Problem.Kind.INVALID_ARGUMENT, problem.kind());
        }
    }

    private void makeSeed(long bytes) throws IOException {
        Path content = Files.createDirectories(folder.resolve("content"));
        Files.writeString(content.resolve("greeting"), "hello");
        Path seed = paths.workSeed(SEED);
        Files.createDirectories(seed.getParent());
        Ext4.writable("seed", "5d0b1f3e-8f0c-4d6e-9a57-000000000001", VmDisks.MAX_BYTES, content)
                .make(seed, bytes, command -> command);
    }

    private void assertScratchIsEmpty() throws IOException {
        try (Stream<Path> left = Files.list(paths.scratch())) {
            assertEquals(0, left.count());
        }
    }

    private static String debugfs(String request, Path disk) {
        return Command.of("debugfs", "-R", request, disk.toString()).succeed();
    }

    private static void check(Path disk) {
        Command.of("e2fsck", "-fn", disk.toString()).succeed();
    }
}
