package banger.cli.daemon;

import banger.cli.session.CliFailure;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.RpcError;
import org.jspecify.annotations.Nullable;

/** The daemon's answer to a call was an error. */
public final class RpcFailure extends CliFailure {
    private final int code;

    public RpcFailure(RpcError error) {
        super(error.message(), hintOf(error));
        code = error.code();
    }

    public boolean is(ErrorCode expected) {
        return code == expected.number();
    }

    private static @Nullable String hintOf(RpcError error) {
        return error.data() == null ? null : error.data().hint();
    }
}
