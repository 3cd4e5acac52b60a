package banger.daemon.ext4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.disk.Ext4;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerWriterTest {
    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-000000000009";

    @TempDir
    Path folder;

    @Test
    void whatIsReadIsWrittenTheSame() throws IOException {
        Path disk = rootDisk();
        try (Ext4Volume volume = Ext4Volume.open(disk)) {
            Entry upper = Tree.read(volume, "upper").orElseThrow();
            Path layer = write(upper, "layer");
            try (Ext4Volume written = Ext4Volume.open(layer)) {
                assertEquals(describe(upper), describe(Tree.read(written)));
            }
        }
    }

    @Test
    void whiteoutsOpaqueFoldersHardLinksOwnersAndAttributesAreKept() throws IOException {
        try (Ext4Volume volume = Ext4Volume.open(rootDisk())) {
            Path layer = write(Tree.read(volume, "upper").orElseThrow(), "layer");
            try (Ext4Volume written = Ext4Volume.open(layer)) {
                Entry root = Tree.read(written);
                assertTrue(at(root, "var/gone").isWhiteout());
                assertTrue(at(root, "etc/x").isOpaque());
                assertEquals("/old", at(root, "var").redirect());
                assertEquals(at(root, "etc/x/f").content, at(root, "etc/x/g").content);
                assertEquals(70_000, at(root, "etc/x/f").meta.uid());
                assertEquals(0104755, at(root, "etc/x/f").meta.mode());
                assertEquals("v", new String(at(root, "etc/x/f").attributes().get("user.k")));
                assertEquals("../a b", at(root, "link").target);
                assertEquals("x".repeat(200), at(root, "long link").target);
                assertEquals("hello", new String(Tree.content(at(root, "quote \" and $HOME"), 100)));
                assertEquals(4L << 20, Tree.content(at(root, "large"), 1 << 30).length);
            }
        }
    }

    @Test
    void theSameTreeGivesTheSameBytes() throws IOException {
        try (Ext4Volume volume = Ext4Volume.open(rootDisk())) {
            Entry upper = Tree.read(volume, "upper").orElseThrow();
            assertEquals(-1, Files.mismatch(write(upper, "one"), write(upper, "two")));
        }
    }

    @Test
    void holesStayHoles() throws IOException {
        Path content = Files.createDirectories(folder.resolve("content/upper")).getParent();
        try (var file =
                new java.io.RandomAccessFile(content.resolve("upper/sparse").toFile(), "rw")) {
            file.setLength(200L << 20);
            file.seek(150L << 20);
            file.write(7);
        }
        try (Ext4Volume volume = Ext4Volume.open(format(content))) {
            Path layer = write(Tree.read(volume, "upper").orElseThrow(), "layer");
            assertTrue(Files.size(layer) < 16 << 20, Files.size(layer) + " bytes");
            try (Ext4Volume written = Ext4Volume.open(layer)) {
                byte[] read = Tree.content(at(Tree.read(written), "sparse"), 1L << 30);
                assertEquals(200 << 20, read.length);
                assertEquals(7, read[150 << 20]);
            }
        }
    }

    @Test
    void aNameThatCannotBeWrittenIsNamed() throws IOException {
        Path content = Files.createDirectories(folder.resolve("content/upper")).getParent();
        Files.writeString(content.resolve("upper/two\nlines"), "x");
        try (Ext4Volume volume = Ext4Volume.open(format(content))) {
            Entry upper = Tree.read(volume, "upper").orElseThrow();
            Problem problem = assertThrows(Problem.class, () -> write(upper, "layer"));
            assertTrue(problem.getMessage().contains("two?lines"), problem.getMessage());
        }
    }

    @Test
    void manyFilesInOneFolderFit() throws IOException {
        Path upper = Files.createDirectories(folder.resolve("content/upper"));
        for (int i = 0; i < 1500; i++) {
            Files.writeString(upper.resolve("file-with-a-long-name-".repeat(8) + i), "" + i);
        }
        try (Ext4Volume volume = Ext4Volume.open(format(upper.getParent()))) {
            Entry read = Tree.read(volume, "upper").orElseThrow();
            assertEquals(1500, read.children().size());
            try (Ext4Volume written = Ext4Volume.open(write(read, "layer"))) {
                assertEquals(
                        read.children().keySet(), Tree.read(written).children().keySet());
            }
        }
    }

    @Test
    void aFileSystemThatIsCutOffOrNoneIsRefused() throws IOException {
        Path disk = rootDisk();
        Path none = Files.write(folder.resolve("none"), new byte[4096]);
        assertTrue(assertThrows(Problem.class, () -> Ext4Volume.open(none))
                .getMessage()
                .contains("no superblock"));
        Path tiny = Files.write(folder.resolve("tiny"), new byte[10]);
        assertThrows(Problem.class, () -> Ext4Volume.open(tiny));
        try (var file = new java.io.RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        assertTrue(assertThrows(Problem.class, () -> Ext4Volume.open(disk))
                .getMessage()
                .contains("cut off"));
    }

    @Test
    void damageIsAnErrorAndNeverAnythingElse() throws IOException {
        Path disk = folder.resolve("small.ext4");
        new Ext4("test", UUID, false, 0, 0, small()).make(disk, 8L << 20, command -> command);
        byte[] whole = Files.readAllBytes(disk);
        java.util.Random random = new java.util.Random(4711);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length);
            // The first megabytes hold superblock, descriptors, inodes and folders.
            for (int i = 0; i < 40; i++) {
                damaged[random.nextInt(1 << 20)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("damaged"), damaged);
            try (Ext4Volume volume = Ext4Volume.open(file)) {
                describe(Tree.read(volume));
            } catch (IOException | Problem e) {
                assertNotNull(e.getMessage());
            }
        }
    }

    private Path small() throws IOException {
        Path upper = Files.createDirectories(folder.resolve("small/upper/etc"));
        for (int i = 0; i < 50; i++) {
            Files.writeString(upper.resolve("f" + i), "content " + i);
        }
        return upper.getParent().getParent();
    }

    private Path write(Entry root, String name) throws IOException {
        Path file = folder.resolve(name + ".ext4");
        Path scratch = Files.createDirectories(folder.resolve("scratch-" + name));
        LayerWriter.layer(root, file, "test", UUID, scratch, Progress.NONE);
        return file;
    }

    private Path format(Path content) {
        Path disk = folder.resolve("disk.ext4");
        Ext4.writable("test", UUID, 1L << 40, content).make(disk, 64L << 20, command -> command);
        return disk;
    }

    /** What a guest might leave in its upper side; made by debugfs, as the host's file system may not hold it. */
    private Path rootDisk() throws IOException {
        Path content = Files.createDirectories(folder.resolve("content"));
        Files.createDirectories(content.resolve("upper/etc/x"));
        Files.createDirectories(content.resolve("upper/var"));
        Files.writeString(content.resolve("upper/etc/x/f"), "f");
        Files.createLink(content.resolve("upper/etc/x/g"), content.resolve("upper/etc/x/f"));
        Files.createSymbolicLink(content.resolve("upper/link"), Path.of("../a b"));
        Files.createSymbolicLink(content.resolve("upper/long link"), Path.of("x".repeat(200)));
        Files.writeString(content.resolve("upper/quote \" and $HOME"), "hello");
        byte[] large = new byte[4 << 20];
        new java.util.Random(1).nextBytes(large);
        Files.write(content.resolve("upper/large"), large);
        Path disk = format(content);
        Path script = Files.writeString(folder.resolve("script"), """
                cd /upper/var
                mknod gone c 0 0
                ea_set /upper/etc/x trusted.overlay.opaque y
                ea_set /upper/var trusted.overlay.redirect /old
                ea_set /upper/var trusted.overlay.origin noise
                ea_set /upper/etc/x/f user.k v
                sif /upper/etc/x/f uid 70000
                sif /upper/etc/x/f mode 0104755
                """);
        Command.of("debugfs", "-w", "-f", script.toString(), disk.toString()).succeed();
        return disk;
    }

    private static Entry at(Entry root, String path) {
        Entry found = root.at(path);
        assertNotNull(found, path);
        return found;
    }

    private static Map<String, String> describe(Entry root) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        describe("", root, lines);
        return lines;
    }

    private static void describe(String path, Entry entry, Map<String, String> lines) throws IOException {
        StringBuilder text =
                new StringBuilder(entry.meta + " " + entry.target + " " + entry.redirect() + " " + entry.isOpaque());
        for (var each : entry.attributes().entrySet()) {
            text.append(' ').append(each.getKey()).append('=').append(Arrays.toString(each.getValue()));
        }
        if (entry.isFile()) {
            text.append(' ').append(Arrays.hashCode(Tree.content(entry, 64 << 20)));
        }
        lines.put(path, text.toString());
        for (var each : entry.children().entrySet()) {
            describe(path + "/" + each.getKey(), each.getValue(), lines);
        }
    }

    @Test
    void accessListsSurvive() throws IOException {
        Path content = Files.createDirectories(folder.resolve("content/upper")).getParent();
        Files.writeString(content.resolve("upper/f"), "x");
        Path disk = format(content);
        // Version 2; owner rwx, user 1000 r, group, mask and others r.
        byte[] list = java.util.HexFormat.of()
                .parseHex("0200000001000700ffffffff02000400e803000004000400ffffffff10000400ffffffff20000400ffffffff");
        Path value = Files.write(folder.resolve("list"), list);
        Command.of("debugfs", "-w", "-R", "ea_set -f " + value + " /upper/f system.posix_acl_access", disk.toString())
                .succeed();
        try (Ext4Volume volume = Ext4Volume.open(disk)) {
            Entry upper = Tree.read(volume, "upper").orElseThrow();
            assertArrayEquals(list, at(upper, "f").attributes().get("system.posix_acl_access"));
            try (Ext4Volume written = Ext4Volume.open(write(upper, "layer"))) {
                assertArrayEquals(list, at(Tree.read(written), "f").attributes().get("system.posix_acl_access"));
            }
        }
    }
}
