package banger.daemon.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a log that another program appends to below a bound: what is there is copied to {@code FILE.1} and the file is
 * emptied. A few bytes written between the two are lost, which a console log bears.
 *
 * <p>A program that does not append but goes on where it was leaves a hole in place of what was taken away.
 */
public final class BoundedLog {
    private BoundedLog() {}

    /** Rotates where the file takes more than half of the bound, so that both together stay below it. */
    public static void trim(Path file, long boundBytes) throws IOException {
        if (DiskUsage.of(file) <= boundBytes / 2) {
            return;
        }
        Path older = file.resolveSibling(file.getFileName() + ".1");
        Path aside = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(aside);
        SparseCopy.copy(file, aside);
        Files.move(aside, older, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
            log.truncate(0);
        }
    }
}
