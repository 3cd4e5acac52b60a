package banger.daemon.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the host keeps of each preparation; only the latest of a VM is of use. */
final class KeptFolders {
    private KeptFolders() {}

    /** Removes the folders beside it. */
    static void removeOthers(Path latest) throws IOException {
        for (Path other : list(latest.getParent())) {
            if (!other.equals(latest)) {
                for (Path file : list(other)) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(other);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
