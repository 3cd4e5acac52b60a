package banger.daemon.workspace;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A workspace as {@code vms.workspace_json} holds it. */
@Json
record WorkspaceJson(
        String guestPath,
        String hostPath,
        @Nullable String commit,
        String mode,
        String preparedAt,
        @Nullable String head,
        @Nullable String branch,
        boolean apart,
        String generation) {
    private static final JsonType<WorkspaceJson> TYPE = Jsonb.builder().build().type(WorkspaceJson.class);

    static String write(Workspace workspace) {
        return TYPE.toJson(new WorkspaceJson(
                workspace.guestPath(),
                workspace.hostPath().toString(),
                workspace.commit(),
                workspace.mode().wireName(),
                workspace.preparedAt().toString(),
                workspace.head(),
                workspace.branch(),
                workspace.apart(),
                workspace.generation()));
    }

    /** Null where there is none, or its text cannot be read: a list must not fail for that. */
    static @Nullable Workspace read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            WorkspaceJson json = TYPE.fromJson(text);
            return new Workspace(
                    json.guestPath,
                    Path.of(json.hostPath),
                    json.commit,
                    WorkspaceMode.of(json.mode),
                    Instant.parse(json.preparedAt),
                    json.head,
                    json.branch,
                    json.apart,
                    json.generation);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
