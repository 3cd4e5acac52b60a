package banger.daemon.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The git configuration of a guest's repository: what makes its status the host's, and the user's name for commits. */
record GuestConfig(Repository repository) {
    /** Settings of the host that decide what git finds modified, and how it writes files out. */
    private static final List<String> TAKEN_OVER = List.of(
            "core.fileMode",
            "core.symlinks",
            "core.ignoreCase",
            "core.autocrlf",
            "core.eol",
            "core.precomposeUnicode",
            "user.name",
            "user.email");

    void write(Path file) throws IOException {
        boolean sha256 = repository.objectFormat().equals("sha256");
        Files.deleteIfExists(file);
        Files.createFile(file);
        set(file, "core.repositoryFormatVersion", sha256 ? "1" : "0");
        if (sha256) {
            set(file, "extensions.objectFormat", "sha256");
        }
        set(file, "core.bare", "false");
        set(file, "core.logAllRefUpdates", "true");
        setOwn(file);
        for (String name : TAKEN_OVER) {
            String value = repository.setting(name);
            if (value != null) {
                set(file, name, value);
            }
        }
    }

    /** What a workspace needs in any repository. */
    static void setOwn(Path file) throws IOException {
        // The index holds the host's file times and sizes, which archives keep, and inode numbers, which they do not.
        set(file, "core.checkStat", "minimal");
        // A push from the host to the branch that is checked out updates the files, where they are unchanged.
        set(file, "receive.denyCurrentBranch", "updateInstead");
    }

    private static void set(Path file, String name, String value) {
        Repository.git(file.getParent(), "config", "--file", file.toString(), name, value)
                .succeed();
    }
}
