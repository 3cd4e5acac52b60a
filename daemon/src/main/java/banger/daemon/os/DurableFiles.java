package banger.daemon.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Puts finished files and folders in place so that a power cut leaves either the old or the whole new one. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Waits until the file's or folder's own content is on the disk. */
    public static void sync(Path path) throws IOException {
        // A folder can be opened for reading only, and fsync asks for no more.
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Syncs a finished file, or a folder of files, and renames it to its place; a file that is there is replaced. */
    public static void publish(Path made, Path place) throws IOException {
        try (Stream<Path> parts = Files.walk(made)) {
            parts.forEach(DurableFiles::syncUnchecked);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.createDirectories(place.getParent());
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(place.getParent());
    }

    private static void syncUnchecked(Path path) {
        try {
            sync(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
