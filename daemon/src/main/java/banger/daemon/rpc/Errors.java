package banger.daemon.rpc;

import banger.daemon.problem.Problem;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.RpcError;

/** Problems as errors of the RPC interface. */
final class Errors {
    private Errors() {}

    static RpcError of(Problem problem) {
        return RpcError.of(code(problem.kind()), problem.getMessage(), problem.hint());
    }

    private static ErrorCode code(Problem.Kind kind) {
        return switch (kind) {
            case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case AMBIGUOUS -> ErrorCode.AMBIGUOUS;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case WRONG_STATE -> ErrorCode.WRONG_STATE;
            case MISSING_REQUIREMENT -> ErrorCode.MISSING_REQUIREMENT;
            case RESOURCE_EXHAUSTED -> ErrorCode.RESOURCE_EXHAUSTED;
            case CANCELLED -> ErrorCode.CANCELLED;
            case FAILED -> ErrorCode.FAILED;
            case COMMAND_NOT_FOUND -> ErrorCode.COMMAND_NOT_FOUND;
            case COMMAND_NOT_EXECUTABLE -> ErrorCode.COMMAND_NOT_EXECUTABLE;
            case OUTCOME_UNKNOWN -> ErrorCode.OUTCOME_UNKNOWN;
            case TIMEOUT -> ErrorCode.TIMEOUT;
        };
    }
}
