package banger.daemon.build;

import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The digest of a file or folder of the host: names, kinds, permissions and content of all that is in it. */
final class HostContent {
    private static final int MAX_FILES = 200_000;

    private HostContent() {}

    /** @throws Problem where it is not there, or is neither a file nor a folder */
    static String digest(Path source) throws IOException {
        // What was named is followed, as the copy does; what lies in it is not.
        Path real;
        try {
            real = source.toRealPath();
        } catch (NoSuchFileException e) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no " + source + " to copy", "ls -l " + source, e);
        }
        if (!Files.isRegularFile(real) && !Files.isDirectory(real)) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, source + " is neither a file nor a folder");
        }
        List<String> parts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(real)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                if (parts.size() > MAX_FILES) {
                    throw new Problem(
                            Problem.Kind.INVALID_ARGUMENT,
                            source + " holds more than " + MAX_FILES + " files, the most that a step copies");
                }
                parts.add(part(real.relativize(file).toString(), file));
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        return StepKeys.digest(parts);
    }

    private static String part(String name, Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            return name + "\0link\0" + Files.readSymbolicLink(file);
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        String content = attributes.isRegularFile() ? Sha256.of(file) : attributes.isDirectory() ? "folder" : "other";
        return name + "\0" + mode + "\0" + content;
    }
}
