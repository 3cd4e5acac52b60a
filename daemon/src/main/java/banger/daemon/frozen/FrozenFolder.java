package banger.daemon.frozen;

import banger.daemon.os.DiskFull;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A folder that holds a frozen machine, and maybe its disks, whole and unchanging, or is not there.
 *
 * <p>It is made beside its place and renamed. A manifest in it says what it must be like. One thread at a time.
 */
public final class FrozenFolder {
    private final Path place;
    private final Path draft;
    private final Path spent;

    public FrozenFolder(Path place) {
        this.place = place;
        draft = place.resolveSibling(place.getFileName() + ".part");
        spent = place.resolveSibling(place.getFileName() + ".spent");
    }

    /** A new, empty folder to make it in. */
    public Path begin() throws IOException {
        abandon();
        return Files.createDirectories(draft);
    }

    /**
     * Puts what was made in place, on the disk.
     *
     * @param fitsOn what can run it: the driver's fingerprint
     * @param surroundings what it relies on and does not have with it
     */
    public void commit(String fitsOn, String surroundings) throws IOException {
        FrozenMachine machine = FrozenMachine.in(draft);
        boolean running = Files.exists(machine.memory());
        new FrozenManifest(
                        fitsOn,
                        surroundings,
                        HostProcess.bootId(),
                        running ? Files.size(machine.memory()) : 0,
                        running ? SparseDigest.of(machine.memory()) : "",
                        running ? Sha256.of(machine.devices()) : "",
                        Instant.now())
                .write(draft);
        try (Stream<Path> files = Files.list(draft)) {
            files.forEach(file -> file.toFile().setReadOnly());
        }
        DurableFiles.publish(draft, place);
    }

    /** Removes what was begun and not committed, and what was spent; idempotent. */
    public void abandon() {
        DiskUsage.remove(draft);
        DiskUsage.remove(spent);
    }

    public boolean exists() {
        return Files.isDirectory(place);
    }

    /** What it takes on the disk. */
    public long usedBytes() {
        return DiskUsage.of(place);
    }

    public Path place() {
        return place;
    }

    public FrozenMachine machine() {
        return FrozenMachine.in(place);
    }

    /** What it says of itself. @throws IOException where it is not there or damaged */
    public FrozenManifest manifest() throws IOException {
        return FrozenManifest.read(place);
    }

    /**
     * Checks the machine against the manifest: sizes and devices always, the memory's content where the host has
     * started anew since it was written and so reads it from the disk.
     *
     * @throws IOException that says what is damaged
     */
    public void verify() throws IOException {
        FrozenManifest said = manifest();
        try {
            require(Files.size(machine().memory()) == said.memoryBytes(), "its memory is cut short");
            require(Sha256.of(machine().devices()).equals(said.devicesDigest()), "its devices' state is damaged");
            boolean reread = !said.hostBoot().equals(HostProcess.bootId());
            require(
                    !reread || SparseDigest.of(machine().memory()).equals(said.memoryDigest()),
                    "its memory is not what was written");
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " is missing", e);
        }
    }

    /** Takes it away in one step, so that nothing is ever restored from it again; who has mapped it keeps it. */
    public void spend() throws IOException {
        Files.move(place, spent, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.sync(place.getParent());
        DiskUsage.remove(spent);
    }

    /** Takes it away for good, in one step as well; idempotent. */
    public void remove() {
        try {
            if (exists()) {
                spend();
            }
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "removing " + place);
        }
        abandon();
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
