package banger.daemon.rpc;

import banger.daemon.operation.Operation;
import banger.daemon.operation.Operations;
import banger.wire.rpc.JsonLines;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationList;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.OperationMessages.OutputEvent;
import banger.wire.rpc.OperationMessages.StageEvent;
import banger.wire.rpc.Reply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Locale;

/** Answers calls about operations. */
public final class OperationHandlers {
    private static final long WATCH_TICK_MILLIS = 1000;

    private final Operations operations;

    public OperationHandlers(Operations operations) {
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.OPERATION_LIST, this::list)
                .on(
                        Methods.OPERATION_STATUS,
                        ref -> view(operations.get(ref.operation()).snapshot()))
                .on(Methods.OPERATION_CANCEL, this::cancel)
                .onStream(Methods.OPERATION_WATCH, this::watch);
    }

    private OperationList list(Nothing nothing) {
        return new OperationList(operations.all().stream()
                .map(operation -> view(operation.snapshot()))
                .toList());
    }

    private OperationView cancel(OperationRef ref) {
        Operation operation = operations.get(ref.operation());
        operation.cancel();
        return view(operation.snapshot());
    }

    private boolean watch(long id, OperationRef ref, Connection connection) throws IOException {
        Operation operation = operations.get(ref.operation());
        long seen = 0;
        while (true) {
            Operation.Snapshot now;
            try {
                now = operation.awaitChange(seen, WATCH_TICK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            var lines = new ArrayDeque<>(now.output());
            for (Operation.Stage stage : now.stages()) {
                // A stage that runs is told again at each tick, with the time that it has taken so far.
                if (stage.change() > seen || stage.state() == Operation.State.RUNNING) {
                    while (!lines.isEmpty() && lines.getFirst().change() < stage.change()) {
                        tell(now, lines.removeFirst(), connection);
                    }
                    String event = JsonLines.write(StageEvent.class, event(now.id(), stage));
                    connection.send(Reply.notification(Methods.STAGE, event));
                }
            }
            for (Operation.Line line : lines) {
                tell(now, line, connection);
            }
            seen = now.change();
            if (now.state() != Operation.State.RUNNING) {
                connection.result(id, Methods.OPERATION_WATCH, view(now));
                return true;
            }
        }
    }

    private static void tell(Operation.Snapshot operation, Operation.Line line, Connection connection)
            throws IOException {
        String event = JsonLines.write(OutputEvent.class, new OutputEvent(operation.id(), line.text()));
        connection.send(Reply.notification(Methods.OUTPUT, event));
    }

    private static OperationView view(Operation.Snapshot operation) {
        return new OperationView(
                operation.id(),
                operation.kind(),
                operation.subject(),
                name(operation.state()),
                operation.startedAt().toString(),
                operation.elapsedMillis(),
                operation.stages().stream()
                        .map(stage -> event(operation.id(), stage))
                        .toList(),
                operation.problem() == null ? null : Errors.of(operation.problem()));
    }

    private static StageEvent event(String operation, Operation.Stage stage) {
        return new StageEvent(
                operation,
                stage.name(),
                stage.text(),
                stage.done(),
                stage.total(),
                stage.unit(),
                name(stage.state()),
                stage.elapsedMillis());
    }

    private static String name(Operation.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
