package banger.daemon.state;

import banger.daemon.image.Image;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A row of {@code images} as an image and back. A row that cannot be understood is a broken image, never a failure. */
final class ImageRow {
    static final String OLD = "made by an older banger, in another layout; make it again: banger image bootstrap";

    private ImageRow() {}

    static Image read(Row row) throws SQLException {
        String layers = row.text("layers_json");
        if (layers == null) {
            return broken(row, OLD);
        }
        try {
            UUID id = RowId.uuid(row.text("id", ""));
            return new Image(
                    id,
                    row.text("name", id.toString()),
                    Json.LAYERS.fromJson(layers).toDomain(),
                    row.text("kernel_id", ""),
                    row.text("work_seed_digest", ""),
                    Json.READINESS.fromJson(row.text("readiness_json", "")).conditions(),
                    row.text("recipe", ""),
                    row.text("broken"),
                    row.time("created_at"));
        } catch (RuntimeException e) {
            return broken(row, "its record cannot be read: " + e.getMessage());
        }
    }

    private static Image broken(Row row, String reason) throws SQLException {
        UUID id = RowId.uuid(row.text("id", ""));
        return new Image(
                id,
                row.text("name", id.toString()),
                List.of(),
                row.text("kernel_id", ""),
                row.text("work_seed_digest", ""),
                List.of(),
                row.text("recipe", ""),
                reason,
                row.time("created_at"));
    }

    /** Sets what insert and update share: parameters 1 to 9. */
    static void write(PreparedStatement statement, Image image) throws SQLException {
        statement.setString(1, image.name());
        statement.setString(2, Json.LAYERS.toJson(ImageJson.Layers.of(image.layers())));
        statement.setString(3, image.kernel());
        statement.setString(4, image.workSeed());
        statement.setString(5, Json.READINESS.toJson(new ImageJson.Readiness(image.readiness())));
        statement.setString(6, image.recipe());
        statement.setString(7, image.broken());
        statement.setString(8, image.createdAt().toString());
        statement.setString(9, Instant.now().toString());
    }
}
