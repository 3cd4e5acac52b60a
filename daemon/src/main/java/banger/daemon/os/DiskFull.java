package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from other failures, and says so in one way everywhere. */
public final class DiskFull {
    private static final String[] SIGNS = {"No space left on device", "Disk quota exceeded"};

    private DiskFull() {}

    /** The failure as a problem: RESOURCE_EXHAUSTED for a full disk, else FAILED. @param doing such as "writing X" */
    public static Problem orFailed(IOException failure, String doing) {
        if (isSaidBy(failure.getMessage())) {
            return problem(doing);
        }
        return new Problem(Problem.Kind.FAILED, doing + " failed: " + describe(failure), null, failure);
    }

    public static boolean isSaidBy(@Nullable String message) {
        if (message != null) {
            for (String sign : SIGNS) {
                if (message.contains(sign)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @param doing such as "writing X" */
    public static Problem problem(String doing) {
        return new Problem(
                Problem.Kind.RESOURCE_EXHAUSTED,
                "the disk is full: no space was left while " + doing,
                "free some space (banger image list, banger vm list), then try again");
    }

    private static String describe(IOException failure) {
        // A NoSuchFileException's message is only the path.
        return failure.getClass() == IOException.class
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName().replace("Exception", "")
                        + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
    }
}
