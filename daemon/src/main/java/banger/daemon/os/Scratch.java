package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder for files under way, gone with all that it holds when it is closed. */
public final class Scratch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scratch.class.getName());
    private static final Duration REMOVAL_BOUND = Duration.ofMinutes(5);

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /** @param name what it is for, in its folder's name */
    public static Scratch open(HostPaths paths, String name) throws IOException {
        Files.createDirectories(paths.scratch());
        Path folder = paths.scratch().resolve(name + "-" + UUID.randomUUID());
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new Scratch(folder);
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        remove(folder);
    }

    /** Removes what a crashed daemon left, and ends what it left running. To be called before any work begins. */
    public static void sweep(HostPaths paths) {
        killOrphans(paths.scratch() + "/");
        try (Stream<Path> left = Files.list(paths.scratch())) {
            for (Path each : left.toList()) {
                try {
                    remove(each);
                } catch (Problem e) {
                    // What cannot be removed now only takes space, and the next sweep tries again.
                    LOG.log(System.Logger.Level.WARNING, "cannot remove " + each + ": " + e.getMessage());
                }
            }
        } catch (IOException e) {
            // There is no such folder before the first work.
        }
    }

    private static void killOrphans(String inScratch) {
        List<ProcessHandle> orphans = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(name -> name.endsWith("/unshare"))
                        .isPresent())
                .filter(process -> Arrays.stream(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.contains(inScratch)))
                .toList();
        // With unshare ends the namespace that it holds, whatever still runs in it.
        orphans.forEach(ProcessHandle::destroyForcibly);
        orphans.forEach(process -> process.onExit()
                .orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                .join());
    }

    private static void remove(Path folder) {
        try {
            removeAsOwner(folder);
        } catch (IOException e) {
            // Files of subordinate ids: only the root of such a namespace may remove them.
            RootNamespace.open()
                    .enter(Command.of("rm", "-rf", "--one-file-system", folder.toString()))
                    .within(REMOVAL_BOUND)
                    .succeed();
        }
    }

    private static void removeAsOwner(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path each, java.io.@org.jspecify.annotations.Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
