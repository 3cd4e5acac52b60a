package banger.cli;

import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.RpcError;
import java.util.List;

/** Operations whose id says what they are: {@code KIND SUBJECT}, and, where they fail, {@code KIND SUBJECT !}. */
public final class FakeOperations {
    private FakeOperations() {}

    public static OperationRef begin(String kind, String subject) {
        return new OperationRef(kind + " " + subject);
    }

    public static OperationRef failing(String kind, String subject) {
        return new OperationRef(kind + " " + subject + " !");
    }

    /** Lets every such operation be watched to its end. */
    public static void serve(FakeDaemon daemon) {
        daemon.on(Methods.OPERATION_WATCH, (ref, peer) -> {
            OperationView view = end(ref);
            peer.notify(view.stages().getFirst());
            return view;
        });
    }

    /** How such an operation ends. */
    public static OperationView end(OperationRef ref) {
        String[] words = ref.operation().split(" ");
        boolean failed = words.length > 2;
        String state = failed ? "failed" : "done";
        StageEvent stage = new StageEvent(ref.operation(), "work", "the work", null, null, null, state, 10);
        RpcError error = failed ? RpcError.of(ErrorCode.FAILED, "the step \"work\" failed", "banger doctor") : null;
        return new OperationView(
                ref.operation(), words[0], words[1], state, "2026-01-01T00:00:00Z", 1_200, List.of(stage), error);
    }
}
