package banger.daemon.workspace;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host repository prepared inside a VM.
 *
 * @param guestPath the folder in the guest that holds it
 * @param hostPath the top of the repository's work tree on the host
 * @param commit HEAD's commit at that time, or null where the repository had none
 * @param head the branch that the guest's HEAD was set to, or null where it was detached
 * @param branch the branch that was begun for it in the guest, or null where it follows the host's HEAD
 * @param apart whether it was begun at a commit of its own, and not at the host's work tree
 * @param generation names this one preparation; the guest's copy carries it too
 */
public record Workspace(
        String guestPath,
        Path hostPath,
        @Nullable String commit,
        WorkspaceMode mode,
        Instant preparedAt,
        @Nullable String head,
        @Nullable String branch,
        boolean apart,
        String generation) {

    /** Such as {@code /root/repo@1a2b3c4d5e6f}. */
    @Override
    public String toString() {
        return guestPath + "@" + shortCommit();
    }

    public String shortCommit() {
        return commit == null ? "no commit" : commit.substring(0, Math.min(12, commit.length()));
    }
}
