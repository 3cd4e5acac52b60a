package banger.daemon.workspace;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The host folders that make up a whole copy of a repository: the work tree, and where its {@code .git} only points to a
 * git folder elsewhere (a linked work tree, a submodule) or borrows objects, those folders as well.
 */
final class FolderParts {
    private static final int MAX_BORROWED = 32;

    private FolderParts() {}

    static List<FolderPart> of(Repository repository) {
        var parts = new ArrayList<FolderPart>();
        Path common = repository.commonFolder();
        boolean inside = repository.gitFolder().equals(repository.top().resolve(".git"))
                && Files.isDirectory(repository.gitFolder(), java.nio.file.LinkOption.NOFOLLOW_LINKS);
        String alternates = "objects/info/alternates";
        if (inside) {
            parts.add(leaving(repository.top(), "", "./.git/" + alternates, "./.git/worktrees", "./.git/index.lock"));
        } else {
            parts.add(leaving(repository.top(), "", "./.git"));
            boolean linked = !common.equals(repository.gitFolder());
            parts.add(
                    linked
                            ? leaving(
                                    common,
                                    ".git/",
                                    "./" + alternates,
                                    "./worktrees",
                                    "./HEAD",
                                    "./index",
                                    "./logs/HEAD")
                            : leaving(common, ".git/", "./" + alternates, "./worktrees"));
            if (linked) {
                parts.add(leaving(repository.gitFolder(), ".git/", "./commondir", "./gitdir", "./index.lock"));
            }
        }
        for (Path objects : borrowed(common.resolve("objects"))) {
            parts.add(leaving(objects, ".git/objects/", "./info"));
        }
        return parts;
    }

    private static FolderPart leaving(Path folder, String prefix, String... paths) {
        var conditions = new ArrayList<String>();
        for (String path : paths) {
            conditions.addAll(List.of("-path", path, "-prune", "-o"));
        }
        return new FolderPart(folder, prefix, conditions);
    }

    /** The object folders that the repository borrows from, directly or not. */
    private static List<Path> borrowed(Path objects) {
        var found = new ArrayList<Path>();
        var next = new ArrayList<>(List.of(objects));
        while (!next.isEmpty()) {
            Path folder = next.removeLast();
            Path list = folder.resolve("info/alternates");
            if (!Files.isRegularFile(list)) {
                continue;
            }
            try {
                for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
                    Path other = folder.resolve(line).normalize();
                    if (!line.isBlank()
                            && !line.startsWith("#")
                            && !found.contains(other)
                            && found.size() < MAX_BORROWED) {
                        found.add(other);
                        next.add(other);
                    }
                }
            } catch (IOException e) {
                throw new Problem(Problem.Kind.FAILED, list + " cannot be read: " + e.getMessage(), null, e);
            }
        }
        return found;
    }
}
