package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What files take on disk, which for sparse ones is less than their length; and removing folders whole. */
public final class DiskUsage {
    private DiskUsage() {}

    /**
     * The bytes that the file, or all files below the folder, take; 0 where there is nothing. A file with several names
     * there counts once.
     */
    public static long of(Path path) {
        long sum = 0;
        var linked = new HashSet<Object>();
        for (Path each : below(path)) {
            sum += allocated(each, linked);
        }
        return sum;
    }

    /** Removes the folder and all below it; links are removed, not followed. Idempotent. */
    public static void remove(Path folder) {
        try {
            for (Path each :
                    below(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot remove " + folder + ": " + e.getMessage(), null, e);
        }
    }

    private static List<Path> below(Path path) {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot read " + path + ": " + e.getMessage(), null, e);
        }
    }

    /** @param linked those counted before that have other names */
    private static long allocated(Path file, Set<Object> linked) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return 0;
            }
            Map<String, Object> found = Files.readAttributes(file, "unix:nlink,fileKey");
            boolean alone = found.get("nlink").equals(1);
            return alone || linked.add(found.get("fileKey")) ? Libc.allocatedBytes(file) : 0;
        } catch (IOException e) {
            // It went away between the listing and the look.
            return 0;
        }
    }
}
