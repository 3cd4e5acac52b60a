package banger.daemon.state;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.UserFiles;
import banger.daemon.image.WorkSeed;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code images} as an image and back. A row that cannot be understood is a broken image, never a failure. */
final class ImageRow {
    static final String OLD = "made by an older banger, in another layout; make it again: banger image bootstrap";

    /** What an insert and an update share, from parameter 4 on. */
    static final String COLUMNS =
            "layers_json, kernel_id, work_seed_digest, readiness_json, recipe, broken, updated_at,"
                    + " seed_fingerprint, profile_json, history_json, packages_json,"
                    + " managed, rootfs_path, kernel_path, initrd_path, modules_dir, work_seed_path";

    static final String MARKS = "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20";

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
                    seed(row),
                    profile(row),
                    provenance(row),
                    userFiles(row),
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
                seed(row),
                GuestProfile.PLAIN.withReadiness(List.of()),
                new Provenance(row.text("recipe", ""), List.of(), null),
                null,
                reason,
                row.time("created_at"));
    }

    private static WorkSeed seed(Row row) throws SQLException {
        return new WorkSeed(row.text("work_seed_digest", ""), row.text("seed_fingerprint", ""));
    }

    private static GuestProfile profile(Row row) throws SQLException {
        List<String> readiness =
                Json.READINESS.fromJson(row.text("readiness_json", "")).conditions();
        String profile = row.text("profile_json");
        return profile == null
                ? GuestProfile.PLAIN.withReadiness(readiness)
                : Json.PROFILE.fromJson(profile).toDomain(readiness);
    }

    private static Provenance provenance(Row row) throws SQLException {
        String history = row.text("history_json");
        String packages = row.text("packages_json");
        return new Provenance(
                row.text("recipe", ""),
                history == null ? List.of() : Json.HISTORY.fromJson(history).toDomain(),
                packages == null ? null : Json.PACKAGES.fromJson(packages).toDomain());
    }

    // The columns of old installs, which keep their meaning; a managed image has empty ones.
    private static @Nullable UserFiles userFiles(Row row) throws SQLException {
        String rootfs = row.text("rootfs_path", "");
        return rootfs.isEmpty()
                ? null
                : new UserFiles(
                        Path.of(rootfs),
                        Path.of(row.text("kernel_path", "")),
                        path(row, "initrd_path"),
                        path(row, "modules_dir"),
                        path(row, "work_seed_path"));
    }

    private static @Nullable Path path(Row row, String column) throws SQLException {
        String text = row.text(column);
        return text == null ? null : Path.of(text);
    }

    /** Sets the parameters of {@link #MARKS}. */
    static void write(PreparedStatement statement, Image image) throws SQLException {
        statement.setString(4, Json.LAYERS.toJson(ImageJson.Layers.of(image.layers())));
        statement.setString(5, image.kernel());
        statement.setString(6, image.seed().digest());
        statement.setString(7, Json.READINESS.toJson(new ImageJson.Readiness(image.readiness())));
        statement.setString(8, image.provenance().recipe());
        statement.setString(9, image.broken());
        statement.setString(10, Instant.now().toString());
        statement.setString(11, image.seed().fingerprint());
        statement.setString(12, Json.PROFILE.toJson(ImageJson.Profile.of(image.profile())));
        statement.setString(
                13, Json.HISTORY.toJson(ImageJson.History.of(image.provenance().history())));
        PackageManifest packages = image.provenance().packages();
        statement.setString(14, packages == null ? null : Json.PACKAGES.toJson(ImageJson.Packages.of(packages)));
        UserFiles files = image.userFiles();
        statement.setInt(15, files == null ? 1 : 0);
        // Old installs demand the first two.
        statement.setString(16, files == null ? "" : files.rootfs().toString());
        statement.setString(17, files == null ? "" : files.kernel().toString());
        statement.setString(18, files == null ? null : text(files.initrd()));
        statement.setString(19, files == null ? null : text(files.modules()));
        statement.setString(20, files == null ? null : text(files.workSeed()));
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }
}
