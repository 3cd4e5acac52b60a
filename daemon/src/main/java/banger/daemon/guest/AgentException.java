package banger.daemon.guest;

import java.io.IOException;

/** The agent refused a request, or its stream is gone. */
public final class AgentException extends IOException {
    /** REFUSED and ERROR codes of docs/guest-protocol.md; {@link #LOST} stands for a stream that ended. */
    public static final int LOST = 0;

    public static final int NOT_FOUND = 3;
    public static final int NOT_EXECUTABLE = 4;
    public static final int NO_SUCH_USER = 5;
    public static final int BAD_DIRECTORY = 6;

    private final int code;

    public AgentException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
