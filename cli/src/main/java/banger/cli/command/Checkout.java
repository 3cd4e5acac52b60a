package banger.cli.command;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The git checkout that a path is in. */
final class Checkout {
    private Checkout() {}

    /** The top folder of the checkout, looked up before anything is made. @throws CliFailure where it is in none */
    static Path containing(String command, String path) {
        Path start;
        try {
            start = Path.of(path).toRealPath();
        } catch (IOException e) {
            throw CliFailure.usage(command, "there is no folder \"" + path + "\"");
        }
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            // A file of that name stands in linked worktrees and submodules.
            if (Files.exists(folder.resolve(".git"))) {
                return folder;
            }
        }
        throw new CliFailure(start + " is not in a git checkout", "banger vm run PATH, with the path of one");
    }
}
