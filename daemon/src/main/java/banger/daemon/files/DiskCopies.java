package banger.daemon.files;

import banger.daemon.disk.DiskChain;
import banger.daemon.disk.Overlays;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.SparseCopy;
import banger.daemon.vm.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the two disks of a VM get into another folder: as reflinks where the file system can, as copies of their data where
 * that is little, and else by hard links, with an overlay on top for whoever goes on writing.
 *
 * <p>What has been linked is never written again, as nobody knows who else has it.
 */
final class DiskCopies {
    private static final String[] IDS = {"root", "work"};

    /** What is copied faster than an overlay is worth. */
    private static final long COPIED_BYTES = 32L << 20;

    /** In the VM's folder, it names the snapshot whose disks are to be the VM's. */
    private static final String TAKING_BACK = "taking-back";

    private final Overlays overlays;

    DiskCopies(Overlays overlays) {
        this.overlays = overlays;
    }

    /**
     * Puts disks that are written by nobody, or by that paused machine, into a folder in which they stay as they are.
     *
     * @param covers whether the disks may get overlays
     */
    void freeze(Path from, @Nullable Machine machine, boolean covers, Path to) throws IOException {
        for (String id : IDS) {
            DiskChain disk = new DiskChain(from, id);
            List<Path> levels = disk.levels();
            Path top = levels.getLast();
            // A daemon that died while it put an overlay there may have left one that the machine never took.
            boolean certain = machine == null || !disk.isOverlaid() || machine.isOn(id, top);
            if (certain && copied(top, to.resolve(top.getFileName()), covers && !isDeep(levels))) {
                levels = levels.subList(0, levels.size() - 1);
            } else {
                Path overlay = overlays.cover(disk);
                if (machine != null) {
                    // Where this fails the overlay stays: empty, it changes nothing, whichever of the two is written.
                    machine.cover(id, overlay);
                }
            }
            link(levels, to);
        }
    }

    /** Makes disks to be written of frozen ones, which stay. @param covers as for {@link #freeze} */
    void clone(Path from, boolean covers, Path to) throws IOException {
        for (String id : IDS) {
            DiskChain frozen = new DiskChain(from, id);
            List<Path> levels = frozen.levels();
            if (!covers && frozen.isOverlaid()) {
                overlays.flatten(frozen, to.resolve(levels.getFirst().getFileName()));
                continue;
            }
            Path top = levels.getLast();
            if (copied(top, to.resolve(top.getFileName()), covers && !isDeep(levels))) {
                link(levels.subList(0, levels.size() - 1), to);
            } else {
                link(levels, to);
                overlays.cover(new DiskChain(to, id));
            }
        }
    }

    /** The same with frozen disks that nobody else wants from that folder. */
    void take(Path from, boolean covers, Path to) throws IOException {
        for (String id : IDS) {
            DiskChain frozen = new DiskChain(from, id);
            if (!covers && frozen.isOverlaid()) {
                clone(from, covers, to);
                return;
            }
        }
        for (String id : IDS) {
            List<Path> levels = new DiskChain(from, id).levels();
            boolean shared = (int) Files.getAttribute(levels.getLast(), "unix:nlink") > 1;
            for (Path level : levels) {
                Files.move(level, to.resolve(level.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
            if (shared) {
                overlays.cover(new DiskChain(to, id));
            }
        }
    }

    /** Makes each of the disks one raw file, or finishes what was begun of that. */
    void fold(Path folder, boolean begin) throws IOException {
        for (String id : IDS) {
            DiskChain disk = new DiskChain(folder, id);
            if (begin || overlays.isFolding(disk)) {
                overlays.fold(disk);
            }
        }
    }

    private static boolean isDeep(List<Path> levels) {
        return levels.size() >= DiskChain.MAX_LEVELS;
    }

    /** @param elsewise whether there is another way */
    private boolean copied(Path from, Path to, boolean elsewise) throws IOException {
        if (SparseCopy.reflink(from, to)) {
            return true;
        }
        if (elsewise && overlays.available() && DiskUsage.of(from) > COPIED_BYTES) {
            return false;
        }
        SparseCopy.copy(from, to);
        return true;
    }

    private static void link(List<Path> files, Path to) throws IOException {
        for (Path file : files) {
            Files.createLink(to.resolve(file.getFileName()), file);
        }
    }

    /** Durable when it returns. */
    void beginTakingBack(Path folder, String snapshot) throws IOException {
        Path aside = Files.writeString(folder.resolve(TAKING_BACK + ".part"), snapshot);
        DurableFiles.publish(aside, folder.resolve(TAKING_BACK));
    }

    /** Where the disks cannot be made the VM keeps those that it has, and the record goes. */
    void finishTakingBack(Path folder, boolean covers, Function<String, Path> snapshots) throws IOException {
        Path record = folder.resolve(TAKING_BACK);
        if (!Files.exists(record)) {
            return;
        }
        Path aside = folder.resolve(TAKING_BACK + ".disks");
        DiskUsage.remove(aside);
        try {
            Files.createDirectory(aside);
            clone(snapshots.apply(Files.readString(record)), covers, aside);
            for (Path each : files(aside)) {
                DurableFiles.sync(each);
            }
        } catch (IOException | RuntimeException e) {
            DiskUsage.remove(aside);
            if (hasDisks(folder)) {
                Files.delete(record);
            }
            throw e;
        }
        for (String id : IDS) {
            // The lowest goes first: a disk without it is none, and is made once more after a crash.
            for (Path level : new DiskChain(folder, id).levels()) {
                Files.deleteIfExists(level);
            }
        }
        for (Path each : files(aside)) {
            Files.move(each, folder.resolve(each.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        DurableFiles.sync(folder);
        Files.delete(record);
        DurableFiles.sync(folder);
        DiskUsage.remove(aside);
    }

    private static boolean hasDisks(Path folder) {
        return Stream.of(IDS)
                .allMatch(id -> Files.exists(new DiskChain(folder, id).levels().getFirst()));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
