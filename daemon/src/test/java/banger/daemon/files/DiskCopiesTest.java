package banger.daemon.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.disk.DiskChain;
import banger.daemon.disk.Overlays;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that get from folder to folder, with the real qemu-img, on a file system without reflinks or with. */
class DiskCopiesTest {
    private static final long BYTES = 256L << 20;
    /** More than is copied where there is another way. */
    private static final int MUCH = 40 << 20;

    @TempDir
    Path folder;

    private Overlays overlays;
    private DiskCopies copies;
    private Path vm;
    private Path frozen;
    private Path copy;

    @BeforeEach
    void aVmWithTwoDisks() throws IOException {
        var paths = new HostPaths(
                folder.resolve("c"),
                folder.resolve("s"),
                folder.resolve("d"),
                folder.resolve("h"),
                folder.resolve("r"));
        paths.prepare();
        overlays = new Overlays(paths);
        copies = new DiskCopies(overlays);
        vm = Files.createDirectory(folder.resolve("vm"));
        frozen = Files.createDirectory(folder.resolve("frozen"));
        copy = Files.createDirectory(folder.resolve("copy"));
        write("root", "little", 0);
        write("work", "much", MUCH);
    }

    /** A raw disk that begins with that text. */
    private void write(String id, String text, int more) throws IOException {
        try (var file = new RandomAccessFile(vm.resolve(id + ".ext4").toFile(), "rw")) {
            file.setLength(BYTES);
            file.writeBytes(text);
            file.seek(1 << 20);
            byte[] block = new byte[more];
            java.util.Arrays.fill(block, (byte) 7);
            file.write(block);
        }
    }

    /** What a machine would do: writes text to the highest level. */
    private static void machineWrites(Path folder, String id, String text) throws IOException {
        Path top = new DiskChain(folder, id).top();
        Path words = Files.writeString(folder.resolve("words"), text + "\0".repeat(512 - text.length()));
        Command.of(
                        "qemu-io",
                        "-f",
                        DiskChain.isOverlay(top) ? "qcow2" : "raw",
                        "-c",
                        "write -s " + words + " 0 512",
                        top.toString())
                .succeed();
        Files.delete(words);
    }

    private String read(Path from, String id) throws IOException {
        var disk = new DiskChain(from, id);
        Path whole = disk.top();
        if (disk.isOverlaid()) {
            whole = folder.resolve(UUID.randomUUID().toString());
            overlays.flatten(disk, whole);
        }
        assertEquals(BYTES, Files.size(whole));
        try (var in = Files.newInputStream(whole)) {
            return new String(in.readNBytes(512)).split("\0")[0];
        }
    }

    private static List<Path> levels(Path folder, String id) {
        return new DiskChain(folder, id).levels();
    }

    @Test
    void whatLittleThereIsIsCopiedAndTheSourceHasNoOverlay() throws IOException {
        copies.freeze(vm, null, true, frozen);
        copies.clone(frozen, true, copy);
        for (Path each : List.of(vm, frozen, copy)) {
            assertEquals(List.of(each.resolve("root.ext4")), levels(each, "root"));
        }
        machineWrites(vm, "root", "changed");
        assertEquals("little", read(copy, "root"));
    }

    @Test
    void allOfThemGoTheirOwnWaysFromWhatWasFrozen() throws IOException {
        copies.freeze(vm, null, true, frozen);
        copies.clone(frozen, true, copy);
        Path last = Files.createDirectory(folder.resolve("last"));
        copies.take(frozen, true, last);
        machineWrites(vm, "work", "source");
        machineWrites(copy, "work", "copy");
        assertEquals("source", read(vm, "work"));
        assertEquals("copy", read(copy, "work"));
        assertEquals("much", read(last, "work"));
        machineWrites(last, "work", "last");
        assertEquals("last", read(last, "work"));
        assertEquals("source", read(vm, "work"));
    }

    @Test
    void whatIsFrozenTakesNoRoomAgainWhereTheFileSystemHasNoReflinksEither() throws IOException {
        copies.freeze(vm, null, true, frozen);
        copies.clone(frozen, true, copy);
        if (levels(vm, "work").size() > 1) {
            assertTrue(Files.isSameFile(vm.resolve("work.ext4"), copy.resolve("work.ext4")));
        }
    }

    @Test
    void aDiskWithoutOverlaysIsMadeForWhomCannotHaveThem() throws IOException {
        copies.freeze(vm, null, true, frozen);
        machineWrites(vm, "work", "source");
        copies.clone(frozen, false, copy);
        assertEquals(1, levels(copy, "work").size());
        assertEquals("much", read(copy, "work"));
        copies.fold(vm, true);
        assertEquals(1, levels(vm, "work").size());
        assertEquals("source", read(vm, "work"));
        assertEquals("much", read(frozen, "work"));
    }

    @Test
    void aFoldThatWasCutOffIsFinishedByTheNext() throws IOException {
        copies.freeze(vm, null, true, frozen);
        machineWrites(vm, "work", "source");
        var disk = new DiskChain(vm, "work");
        if (!disk.isOverlaid()) {
            return;
        }
        overlays.flatten(disk, vm.resolve("work.whole"));
        Files.delete(disk.top());
        overlays.fold(disk);
        assertEquals(1, levels(vm, "work").size());
        assertEquals("source", read(vm, "work"));
    }

    @Test
    void aDiskGetsNoMoreLevelsThanItMayHave() throws IOException {
        for (int time = 0; time < DiskChain.MAX_LEVELS + 2; time++) {
            Path each = Files.createDirectory(folder.resolve("frozen" + time));
            machineWrites(vm, "work", "time " + time);
            try (var file = new RandomAccessFile(folder.resolve("much").toFile(), "rw")) {
                file.write(new byte[MUCH]);
            }
            fill(vm, "work");
            copies.freeze(vm, null, true, each);
            assertEquals("time " + time, read(each, "work"));
        }
        assertTrue(levels(vm, "work").size() <= DiskChain.MAX_LEVELS);
        assertEquals("time " + (DiskChain.MAX_LEVELS + 1), read(vm, "work"));
    }

    private static void fill(Path folder, String id) {
        Path top = new DiskChain(folder, id).top();
        String format = DiskChain.isOverlay(top) ? "qcow2" : "raw";
        Command.of("qemu-io", "-f", format, "-c", "write -P 9 1M " + MUCH, top.toString())
                .succeed();
    }

    @Test
    void aVmIsTakenBackAndTheSnapshotStays() throws IOException {
        copies.freeze(vm, null, true, frozen);
        machineWrites(vm, "work", "later");
        machineWrites(vm, "root", "later");
        for (int time = 0; time < 2; time++) {
            copies.beginTakingBack(vm, "point");
            copies.finishTakingBack(vm, true, name -> frozen);
            assertEquals("much", read(vm, "work"));
            assertEquals("little", read(vm, "root"));
            machineWrites(vm, "work", "again");
        }
        assertEquals("much", read(frozen, "work"));
        copies.finishTakingBack(vm, true, name -> frozen);
        assertEquals("again", read(vm, "work"), "nothing is recorded, so nothing is taken back");
    }

    @Test
    void whereItCannotBeTakenBackItKeepsWhatItHas() throws IOException {
        copies.freeze(vm, null, true, frozen);
        machineWrites(vm, "work", "later");
        copies.beginTakingBack(vm, "point");
        assertThrows(IOException.class, () -> copies.finishTakingBack(vm, true, name -> folder.resolve("gone")));
        assertEquals("later", read(vm, "work"));
        assertFalse(Files.exists(vm.resolve("taking-back")));
    }
}
