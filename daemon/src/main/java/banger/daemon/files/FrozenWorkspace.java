package banger.daemon.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the host knows of a VM's workspace, beside a frozen copy of the VM's disks: its record in {@code workspace.json},
 * which is empty where there is none, and the files kept of each preparation as {@code workspace.GENERATION.NAME}.
 *
 * <p>What is kept is never written again, so it is linked. A preparation that ends meanwhile may take some of it away:
 * guest and record name their generation, so that is found out when they are used.
 */
final class FrozenWorkspace {
    private static final String RECORD = "workspace.json";
    private static final String PREFIX = "workspace.";

    private FrozenWorkspace() {}

    static void save(@Nullable String record, Path kept, Path to) throws IOException {
        Files.writeString(to.resolve(RECORD), record == null ? "" : record);
        for (Path generation : list(kept)) {
            for (Path file : list(generation)) {
                link(file, to.resolve(PREFIX + generation.getFileName() + "." + file.getFileName()));
            }
        }
    }

    /** Makes the folder of what is kept as it was; other generations in it stay. */
    static void restore(Path from, Path kept) throws IOException {
        for (Path file : list(from)) {
            String[] parts = file.getFileName().toString().split("\\.", 3);
            if (parts.length == 3 && file.getFileName().toString().startsWith(PREFIX)) {
                link(file, Files.createDirectories(kept.resolve(parts[1])).resolve(parts[2]));
            }
        }
    }

    /** Tells the record that it holds; nothing where it is of before there were any. */
    static void tell(Path from, Consumer<@Nullable String> record) throws IOException {
        Path file = from.resolve(RECORD);
        if (Files.exists(file)) {
            String text = Files.readString(file);
            record.accept(text.isEmpty() ? null : text);
        }
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            // It is the same generation's, or has just been removed.
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }
}
