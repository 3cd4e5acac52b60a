package banger.cli.command;

import banger.wire.rpc.WorkspaceMessages.CheckWorkspace;
import banger.wire.rpc.WorkspaceMessages.PrepareWorkspace;
import java.nio.file.Path;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** How a workspace is to be prepared; for {@code vm workspace prepare} and {@code vm run}. */
public final class WorkspaceOptions {
    @Option(
            name = "mode",
            description = "shallow: HEAD's commit and the work tree; full: with the whole history;"
                    + " full_copy: every file, ignored ones and submodules too (as last time, else shallow)")
    @Nullable
    String mode;

    @Option(name = "guest-path", description = "where it is put in the guest (as last time, else /root/repo)")
    @Nullable
    String guestPath;

    @Option(name = "branch", description = "begin a new branch of this name in the guest")
    @Nullable
    String branch;

    @Option(
            name = "from",
            description = "begin that branch at this commit of the host, without the work tree's changes")
    @Nullable
    String from;

    @Option(
            name = "force",
            hasValue = false,
            description = "discard what was done in the guest: commits that the host does not have, changed and new"
                    + " files; without it they are named and nothing is done")
    boolean force;

    /** The question whether that could be prepared at all. */
    CheckWorkspace check(Path path) {
        return new CheckWorkspace(path.toString(), guestPath, mode, branch, from);
    }

    /** The request. @param path a folder of the repository, or null for the VM's last one */
    PrepareWorkspace request(String vm, @Nullable Path path) {
        return new PrepareWorkspace(vm, path == null ? null : path.toString(), guestPath, mode, branch, from, force);
    }
}
