package banger.daemon.problem;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can understand: a message that names the object, what was expected and what was found, and
 * where there is one the next command to try.
 */
public final class Problem extends RuntimeException {
    /** What sort of failure it is; stable, so that programs can tell them apart. */
    public enum Kind {
        INVALID_ARGUMENT,
        NOT_FOUND,
        AMBIGUOUS,
        ALREADY_EXISTS,
        WRONG_STATE,
        MISSING_REQUIREMENT,
        RESOURCE_EXHAUSTED,
        CANCELLED,
        FAILED,
        COMMAND_NOT_FOUND,
        COMMAND_NOT_EXECUTABLE,
        OUTCOME_UNKNOWN,
        TIMEOUT
    }

    private final Kind kind;
    private final transient @Nullable String hint;

    public Problem(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public Problem(Kind kind, String message, @Nullable String hint) {
        this(kind, message, hint, null);
    }

    public Problem(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    public Kind kind() {
        return kind;
    }

    public @Nullable String hint() {
        return hint;
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNullElse(super.getMessage(), kind.name());
    }
}
