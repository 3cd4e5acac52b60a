package banger.daemon.files;

import banger.daemon.os.DurableFiles;
import banger.daemon.os.SparseCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

/** The two disks of a VM, copied between folders. */
final class FrozenDisks {
    private static final String[] NAMES = {StoredVmFiles.ROOT, StoredVmFiles.WORK};
    /** In the VM's folder, it names the snapshot whose disks are to be the VM's. */
    private static final String TAKING_BACK = "taking-back";

    private FrozenDisks() {}

    static void clone(Path from, Path to) throws IOException {
        for (String name : NAMES) {
            SparseCopy.copy(from.resolve(name), to.resolve(name));
        }
    }

    /** Durable when it returns. */
    static void beginTakingBack(Path folder, String snapshot) throws IOException {
        Path aside = Files.writeString(folder.resolve(TAKING_BACK + ".part"), snapshot);
        DurableFiles.publish(aside, folder.resolve(TAKING_BACK));
    }

    static void finishTakingBack(Path folder, Function<String, Path> snapshots) throws IOException {
        Path record = folder.resolve(TAKING_BACK);
        if (!Files.exists(record)) {
            return;
        }
        Path from = snapshots.apply(Files.readString(record));
        for (String name : NAMES) {
            Path aside = folder.resolve(name + ".part");
            Files.deleteIfExists(aside);
            SparseCopy.copy(from.resolve(name), aside);
            DurableFiles.sync(aside);
            Files.move(aside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        DurableFiles.sync(folder);
        Files.delete(record);
    }
}
