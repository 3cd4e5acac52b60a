package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A host repository, a guest that is a folder, and the workspaces between them, all in one temporary folder. */
final class Surroundings {
    /** What git and the file system say of a work tree; ignored files stand in {@code ignored} alone. */
    private static final String FINGERPRINT = """
            git status --porcelain -z | sort -z | tr '\\0' '\\n'
            git ls-files -s -t
            git rev-parse HEAD 'HEAD^{tree}'
            git symbolic-ref -q HEAD || echo detached
            find . \\( -path ./.git -o -name ignored \\) -prune -o \\( -type f -o -type l \\) -printf '%y %m %l %P\\n' | sort
            find . \\( -path ./.git -o -name ignored \\) -prune -o -type f -print0 | sort -z | xargs -0 -r sha1sum --zero |
                tr '\\0' '\\n'
            """;

    final Path folder;
    final Path host;
    final HostGuest guest;
    final OneVm store = new OneVm();
    final Workspaces workspaces;

    Surroundings(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        host = Files.createDirectory(this.folder.resolve("host repo"));
        guest = new HostGuest(Files.createDirectory(this.folder.resolve("guest")));
        var paths = new HostPaths(
                this.folder.resolve("config"),
                this.folder.resolve("state"),
                this.folder.resolve("data"),
                this.folder.resolve("cache"),
                this.folder.resolve("run"));
        workspaces = new Workspaces(store, paths, vm -> guest);
    }

    Workspace prepare(@Nullable WorkspaceMode mode) {
        return prepare(mode, false);
    }

    Workspace prepare(@Nullable WorkspaceMode mode, boolean force) {
        return prepare(new Workspaces.Request(host, guest.path("repo"), mode, null, null, force));
    }

    Workspace prepare(Workspaces.Request request) {
        return workspaces.prepare(store.vm(), request, Progress.NONE);
    }

    String onHost(String text) {
        return Shell.run(host, text);
    }

    String inGuest(String text) {
        return Shell.run(Path.of(guest.path("repo")), text);
    }

    void assertSame(String message) {
        assertEquals(onHost(FINGERPRINT), inGuest(FINGERPRINT), message);
    }

    /** A repository with a few files in one commit. */
    void begin() {
        onHost("""
                git init -q -b main
                git config user.name 'Grace Hopper'
                git config user.email grace@example.com
                echo ignored >.gitignore
                mkdir -p src/deep
                echo one >one.txt
                echo two >src/two.txt
                echo three >src/deep/three.txt
                printf '#!/bin/sh\\n' >run.sh
                chmod +x run.sh
                ln -s src/two.txt link
                git add .
                git commit -q -m first
                """);
    }
}
