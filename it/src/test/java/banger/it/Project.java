package banger.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A git repository of the host and the place in a VM's guest where it is put.
 *
 * @param place the folder in the guest
 */
record Project(Home home, String vm, Path repository, String place) {
    /** A repository with a few files of every kind in one commit. */
    static Project create(Home home, String vm, String name) {
        Project project = empty(home, vm, name);
        project.host("""
                echo ignored >.gitignore; mkdir src; echo one >one; echo two >src/two; ln -s one link
                printf '#!/bin/sh\\n' >run; chmod +x run; git add .; git commit -q -m first
                """);
        return project;
    }

    /** A repository without a commit. */
    static Project empty(Home home, String vm, String name) {
        try {
            Path repository = Files.createDirectories(home.folder().resolve("project " + name));
            Project project = new Project(home, vm, repository, "/root/" + name);
            project.host("git init -q -b main; git config user.name it; git config user.email it@example.invalid");
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same repository at another place of the guest. */
    Project at(String other) {
        return new Project(home, vm, repository, other);
    }

    /** Runs a script in the repository; it must succeed. */
    String host(String script) {
        return Command.ok("sh", "-euc", "cd \"$0\"; " + script, repository.toString());
    }

    /** Runs a script at the place in the guest; it must succeed. */
    String guest(String script) {
        return home.banger("vm", "exec", "--no-mise", "-w", place, vm, "sh", "-euc", script)
                .text();
    }

    Outcome prepare(String... options) {
        return home.banger(prepareLine(options));
    }

    /** The same, to be watched while it goes on. */
    Command startPrepare(String... options) {
        return home.start(prepareLine(options));
    }

    private String[] prepareLine(String... options) {
        var words = new ArrayList<>(List.of("vm", "workspace", "prepare", "--guest-path", place));
        words.addAll(List.of(options));
        words.addAll(List.of(vm, repository.toString()));
        return words.toArray(String[]::new);
    }

    Outcome export(String... options) {
        var words = new ArrayList<>(List.of("vm", "workspace", "export", vm));
        words.addAll(List.of(options));
        return home.banger(words.toArray(String[]::new));
    }

    /** Git in the repository, with banger's programs on its path. */
    Outcome git(String... words) {
        var builder = home.builder(Path.of("git"), words);
        builder.environment()
                .merge("PATH", "", (path, none) -> Dist.BUILT.banger().getParent() + ":" + path);
        builder.directory(repository.toFile());
        return Command.start(builder).input(new byte[0]).waitFor();
    }
}
