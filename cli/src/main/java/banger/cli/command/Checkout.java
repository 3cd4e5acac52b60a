package banger.cli.command;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The git repository that a path is in, as far as names alone tell; the daemon asks git. */
final class Checkout {
    private Checkout() {}

    /** The top folder of the checkout, looked up before anything is made. @throws CliFailure where it is in none */
    static Path containing(String command, String path) {
        Path start = existing(command, path);
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            // A file of that name stands in linked worktrees and submodules.
            if (Files.exists(folder.resolve(".git"))) {
                return folder;
            }
        }
        if (isBare(start)) {
            throw new CliFailure(
                    start + " is a bare repository; a workspace needs a work tree",
                    "git worktree add, and banger vm run with that folder");
        }
        throw new CliFailure(start + " is not in a git repository", "banger vm run PATH, with the path of one");
    }

    /** Whether git would take the folder itself for a repository (gitrepository-layout(5)). */
    private static boolean isBare(Path folder) {
        return Files.isRegularFile(folder.resolve("HEAD"))
                && Files.isDirectory(folder.resolve("objects"))
                && Files.isDirectory(folder.resolve("refs"));
    }

    /** The path without links. @throws CliFailure where there is no such folder */
    static Path existing(String command, String path) {
        try {
            Path found = Path.of(path).toRealPath();
            if (Files.isDirectory(found)) {
                return found;
            }
        } catch (IOException e) {
            // As one that is no folder.
        }
        throw CliFailure.usage(command, "there is no folder \"" + path + "\"");
    }
}
