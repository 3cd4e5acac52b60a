package banger.daemon.disk;

import banger.daemon.os.Command;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Programs;
import banger.daemon.os.SparseCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;

/** Overlays on disks, in QEMU's format qcow2, made by qemu-img. Safe for any number of threads. */
public final class Overlays {
    private static final String PROGRAM = "qemu-img";
    private static final Duration FLATTEN_BOUND = Duration.ofHours(1);

    private final HostPaths paths;

    public Overlays(HostPaths paths) {
        this.paths = paths;
    }

    /** Whether the host has what makes them. */
    public boolean available() {
        return Programs.find(PROGRAM).isPresent();
    }

    /**
     * Puts an empty overlay on the disk, on the host's disk when it returns. Until something is written to it the disk
     * is what it was.
     */
    public Path cover(DiskChain disk) throws IOException {
        Path overlay = disk.next();
        SparseCopy.copy(blank(disk), overlay);
        DurableFiles.sync(overlay);
        DurableFiles.sync(disk.folder());
        return overlay;
    }

    /** Makes {@code to}, which must not exist, a raw file of all that the disk holds. */
    public void flatten(DiskChain disk, Path to) {
        String top = disk.top().toString();
        Command.of(PROGRAM, "convert", "-f", "qcow2", "-O", "raw", top, to.toString())
                .within(FLATTEN_BOUND)
                .succeed();
    }

    /** Empty overlays differ in their size and in what they name; each is made once. */
    private Path blank(DiskChain disk) throws IOException {
        Path below = disk.top();
        String name = below.getFileName().toString();
        long bytes = disk.bytes();
        Path place = paths.blankOverlay(name, bytes);
        if (Files.exists(place)) {
            return place;
        }
        Path made = paths.scratch().resolve("blank-" + UUID.randomUUID());
        try {
            // "-u": what it names is beside it where it will lie, and not here.
            String format = DiskChain.isOverlay(below) ? "qcow2" : "raw";
            Command.of(
                            PROGRAM,
                            "create",
                            "-q",
                            "-u",
                            "-f",
                            "qcow2",
                            "-b",
                            name,
                            "-F",
                            format,
                            made.toString(),
                            "" + bytes)
                    .succeed();
            DurableFiles.publish(made, place);
        } finally {
            Files.deleteIfExists(made);
        }
        return place;
    }

    /** Whether {@link #fold} was cut off when the disk was no longer what its levels hold. */
    public boolean isFolding(DiskChain disk) {
        return Files.exists(whole(disk));
    }

    private static Path whole(DiskChain disk) {
        return disk.folder().resolve(disk.id() + ".whole");
    }

    /** Makes the disk one raw file again; what a crash has cut off is finished by the next call. */
    public void fold(DiskChain disk) throws IOException {
        Path whole = whole(disk);
        if (!Files.exists(whole)) {
            if (!disk.isOverlaid()) {
                return;
            }
            Path part = disk.folder().resolve(disk.id() + ".whole.part");
            Files.deleteIfExists(part);
            flatten(disk, part);
            DurableFiles.publish(part, whole);
        }
        // From here on the whole file is the disk, whatever is left of the others.
        for (Path level : disk.levels().reversed()) {
            Files.deleteIfExists(level);
        }
        Files.move(whole, disk.levels().getFirst(), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.sync(disk.folder());
    }
}
