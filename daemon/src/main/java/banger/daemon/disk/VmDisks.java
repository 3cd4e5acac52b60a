package banger.daemon.disk;

import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.SparseCopy;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Makes the two disks of a VM by cloning files that are already formatted. Safe for any number of threads.
 *
 * <p>A disk that cannot be made leaves no file. Disks are not synced: a VM under creation does not outlive a power cut.
 */
public final class VmDisks {
    public static final long MIN_BYTES = 256L << 20;
    /** What a root or work disk can grow to without being made anew. */
    public static final long MAX_BYTES = 1L << 40;

    /** The agent puts the overlay into the first two; container engines get the others, as they refuse an overlay. */
    private static final String[] ROOT_FOLDERS = {"upper", "work", "docker", "containers"};

    private static final String ROOT_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670001";
    private static final Duration RESIZE_BOUND = Duration.ofMinutes(5);

    private final HostPaths paths;

    public VmDisks(HostPaths paths) {
        this.paths = paths;
    }

    /** Returns the size where a disk can have it. @throws Problem INVALID_ARGUMENT */
    public static long checkSize(long bytes) {
        if (bytes < MIN_BYTES || bytes > MAX_BYTES || bytes % Ext4.BLOCK_BYTES != 0) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "a disk of " + bytes + " bytes is not possible: expected a multiple of 4096 from 256 MiB to 1 TiB",
                    "give a size such as --disk 8GiB");
        }
        return bytes;
    }

    /** Makes {@code file} an empty root disk. */
    public void makeRoot(Path file, long bytes) {
        clone(blank(checkSize(bytes)), file);
    }

    /** Makes {@code file} a work disk with the content of this seed. */
    public void makeWork(Path file, long bytes, String seedDigest) {
        checkSize(bytes);
        Path seed = paths.workSeed(seedDigest);
        clone(seed, file);
        try {
            long seedBytes = Files.size(seed);
            if (bytes > seedBytes) {
                // The agent grows the file system once it is mounted.
                lengthen(file, bytes);
            } else if (bytes < seedBytes) {
                shrink(file, bytes);
            }
        } catch (IOException e) {
            remove(file);
            throw DiskFull.orFailed(e, "making the work disk " + file + " from " + seed);
        } catch (Problem e) {
            remove(file);
            throw e;
        }
    }

    private Path blank(long bytes) {
        Path place = paths.blankDisk(bytes);
        if (Files.exists(place)) {
            return place;
        }
        Path made = paths.scratch().resolve("blank-" + UUID.randomUUID());
        try {
            Files.createDirectories(made.getParent());
            Ext4.writable("banger-root", ROOT_UUID, MAX_BYTES, null).make(made, bytes, command -> command);
            Path script = Files.writeString(
                    paths.scratch().resolve(made.getFileName() + ".debugfs"),
                    "mkdir " + String.join("\nmkdir ", ROOT_FOLDERS) + "\n");
            // Its folders belong to root whoever makes them, unlike those of mke2fs -d.
            Command.of("debugfs", "-w", "-f", script.toString(), made.toString())
                    .succeed();
            Files.delete(script);
            DurableFiles.publish(made, place);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the blank disk " + place);
        } finally {
            remove(made);
        }
        return place;
    }

    private static void clone(Path from, Path to) {
        try {
            SparseCopy.copy(from, to);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "cloning " + from + " to " + to);
        }
    }

    private static void lengthen(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }

    private static void shrink(Path file, long bytes) throws IOException {
        // A seed is never mounted while it is written, so the check that resize2fs asks for has nothing to find.
        Command.of("resize2fs", "-f", file.toString(), bytes / Ext4.BLOCK_BYTES + "")
                .within(RESIZE_BOUND)
                .succeed();
        lengthen(file, bytes);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What is left is scratch or a VM's folder, and both are swept.
        }
    }
}
