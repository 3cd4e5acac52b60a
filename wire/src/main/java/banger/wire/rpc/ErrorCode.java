package banger.wire.rpc;

import java.util.Locale;

/** The stable errors of the RPC interface; numbers below -32000 are JSON-RPC's own. */
public enum ErrorCode {
    PARSE_ERROR(-32700),
    INVALID_REQUEST(-32600),
    UNKNOWN_METHOD(-32601),
    /** A field is missing, malformed or out of its range. */
    INVALID_ARGUMENT(-32602),
    INTERNAL(-32603),
    NOT_FOUND(1),
    /** A prefix that fits several objects. */
    AMBIGUOUS(2),
    ALREADY_EXISTS(3),
    /** The object is in a state that does not allow the call. */
    WRONG_STATE(4),
    /** Something the host lacks: a program, a device, a permission. */
    MISSING_REQUIREMENT(5),
    RESOURCE_EXHAUSTED(6),
    CANCELLED(7),
    /** The step failed; the message says which and why. */
    FAILED(8),
    /** The guest has no such command. */
    COMMAND_NOT_FOUND(9),
    /** The guest's command cannot be executed. */
    COMMAND_NOT_EXECUTABLE(10),
    /** The stream to the guest broke; whether the command ran is unknown. */
    OUTCOME_UNKNOWN(11),
    TIMEOUT(12),
    /** Protocol versions of client and daemon do not fit. */
    INCOMPATIBLE(13);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
