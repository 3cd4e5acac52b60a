package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about long work. */
public final class OperationMessages {
    private OperationMessages() {}

    @Json
    public record OperationRef(String operation) {
        public OperationRef {
            Required.field("operation", operation);
        }
    }

    /**
     * A stage that began, moved or ended.
     *
     * @param stage a short name, such as {@code "boot"}
     * @param text what is being done, for a person
     * @param done work done so far, in {@code unit}s, or null where it is unknown
     * @param total the whole of it, or null
     * @param unit {@code "bytes"}, {@code "files"}, {@code "steps"} or null
     * @param state {@code "running"}, {@code "done"} or {@code "failed"}
     * @param elapsedMillis since the stage began
     */
    @Json
    public record StageEvent(
            String operation,
            String stage,
            String text,
            @Nullable Long done,
            @Nullable Long total,
            @Nullable String unit,
            String state,
            long elapsedMillis) {}

    /** A line of what a program said, such as a step of an image's build; printable text. */
    @Json
    public record OutputEvent(String operation, String text) {}

    /**
     * An operation as it stands.
     *
     * @param kind the method that began it, such as {@code "vm.create"}
     * @param subject the name of the VM or image that it is about
     * @param state {@code "running"}, {@code "done"}, {@code "failed"} or {@code "cancelled"}
     * @param stages each stage's last event, in order
     * @param error why it failed
     */
    @Json
    public record OperationView(
            String operation,
            String kind,
            String subject,
            String state,
            String startedAt,
            long elapsedMillis,
            List<StageEvent> stages,
            @Nullable RpcError error) {}

    @Json
    public record OperationList(List<OperationView> operations) {}
}
