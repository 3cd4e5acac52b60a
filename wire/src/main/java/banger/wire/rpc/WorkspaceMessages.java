package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about workspaces: host repositories inside VMs. */
public final class WorkspaceMessages {
    private WorkspaceMessages() {}

    /**
     * Null fields keep what the VM's workspace has, or take the default.
     *
     * @param path a folder of the host's repository
     * @param mode {@code "shallow"}, {@code "full"} or {@code "full_copy"}
     * @param branch a new branch to begin in the guest
     * @param from the host's commit that it begins at; null: HEAD and the work tree's changes
     * @param force whether work done in the guest may go
     */
    @Json
    public record PrepareWorkspace(
            String vm,
            @Nullable String path,
            @Nullable String guestPath,
            @Nullable String mode,
            @Nullable String branch,
            @Nullable String from,
            boolean force) {
        public PrepareWorkspace {
            Required.field("vm", vm);
        }
    }

    /** What a preparation in a VM that is yet to be created would be asked; fields as {@link PrepareWorkspace} has them. */
    @Json
    public record CheckWorkspace(
            String path,
            @Nullable String guestPath,
            @Nullable String mode,
            @Nullable String branch,
            @Nullable String from) {
        public CheckWorkspace {
            Required.field("path", path);
        }
    }

    /**
     * A workspace as it was prepared.
     *
     * @param commit HEAD's commit then, or null where the repository had none
     * @param branch the branch that the guest's HEAD was set to, or null where it was detached
     */
    @Json
    public record WorkspaceView(
            String guestPath,
            String hostPath,
            @Nullable String commit,
            String mode,
            String preparedAt,
            @Nullable String branch) {}

    /**
     * How a workspace stands.
     *
     * @param workspace null where the VM has none
     * @param notice one line on how the host's repository differs from it now, or null
     * @param stale whether preparing it again would change that
     */
    @Json
    public record WorkspaceStatus(
            @Nullable WorkspaceView workspace, @Nullable String notice, boolean stale) {}

    /**
     * Brings the guest's work home, into exactly one of the two.
     *
     * @param patch the absolute path of a new file on the host
     * @param branch the name of a new branch in the host's repository
     * @param commitChanges whether the branch gets a commit of what is not committed; a patch always has it
     * @param keepLinks whether symbolic links that the guest made may lead out of the repository
     */
    @Json
    public record ExportWorkspace(
            String vm, @Nullable String patch, @Nullable String branch, boolean commitChanges, boolean keepLinks) {
        public ExportWorkspace {
            Required.field("vm", vm);
        }
    }

    /**
     * What an export brought home.
     *
     * @param commits each its short id, a space, its subject; the latest first
     * @param files each a letter of git's {@code --name-status}, a tab, its path
     * @param squashed whether several commits became one
     * @param leftOut repositories inside the guest's that did not come along
     */
    @Json
    public record ExportReport(
            String commit, List<String> commits, List<String> files, boolean squashed, List<String> leftOut) {}
}
