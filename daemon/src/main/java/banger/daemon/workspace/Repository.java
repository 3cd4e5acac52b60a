package banger.daemon.workspace;

import banger.daemon.guest.AgentSession;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.Commands;
import banger.daemon.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A git checkout on the host.
 *
 * @param top the folder that holds its working tree
 * @param commit the id of HEAD's commit
 * @param branch the branch that HEAD names, or null where it is detached
 */
public record Repository(Path top, String commit, @Nullable String branch) {

    /** The repository that holds the path. @throws Problem INVALID_ARGUMENT where there is none with a commit */
    public static Repository at(Path path) {
        if (!Files.isDirectory(path)) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, path + " is not a folder", "banger vm run PATH");
        }
        Commands.Result top = git(path, "rev-parse", "--show-toplevel").run();
        if (top.status() != 0) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    path + " cannot be used as a git checkout: " + top.errors().strip(),
                    "git init, or name another folder");
        }
        Path folder = Path.of(top.output().substring(0, top.output().length() - 1));
        Commands.Result head = git(folder, "rev-parse", "--verify", "-q", "HEAD^{commit}").run();
        if (head.status() != 0) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT, folder + " has no commit yet", "git commit, then try again");
        }
        String branch = git(folder, "symbolic-ref", "-q", "--short", "HEAD").run().output().strip();
        return new Repository(folder, head.output().strip(), branch.isEmpty() ? null : branch);
    }

    /** Copies HEAD's commit and the tracked files as they are now to a folder of the guest that is empty or absent. */
    public void copyTo(AgentSession session, String guestPath, Progress progress) {
        new RepositoryCopy(this, session, guestPath, progress).run();
    }

    static Command git(Path folder, String... words) {
        var line = new java.util.ArrayList<String>(List.of("git", "-C", folder.toString()));
        line.addAll(List.of(words));
        return Command.of(line);
    }
}
