package banger.daemon.image;

import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells whether files of the user's are still as they were, without reading them: by path, length and time of change. */
public final class FileStamp {
    private FileStamp() {}

    /** 64 hex digits; others where any of the files has changed. What is null is left out. */
    public static String of(@Nullable Path... files) {
        StringBuilder parts = new StringBuilder();
        for (Path file : files) {
            if (file != null) {
                parts.append(stamp(file)).append('\n');
            }
        }
        return Sha256.of(parts.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String stamp(Path file) {
        try {
            return file + " " + Files.size(file) + " "
                    + Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no " + file + " that can be read", null, e);
        }
    }
}
