package banger.daemon.workspace;

import banger.daemon.problem.Problem;
import java.util.Locale;

/** How much of a repository a workspace holds. */
public enum WorkspaceMode {
    /** HEAD's commit without its history, and the work tree as it is. */
    SHALLOW,
    /** All branches and tags with their history, and the work tree as it is. */
    FULL,
    /** Every file, ignored ones and submodules too. */
    FULL_COPY;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static WorkspaceMode of(String name) {
        for (WorkspaceMode mode : values()) {
            if (mode.wireName().equals(name)) {
                return mode;
            }
        }
        throw new Problem(
                Problem.Kind.INVALID_ARGUMENT,
                "unknown mode \"" + name + "\": expected shallow, full or full_copy",
                "banger help vm workspace prepare");
    }
}
