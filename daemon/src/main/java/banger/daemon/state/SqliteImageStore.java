package banger.daemon.state;

import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The images in the database's table {@code images}. */
public final class SqliteImageStore implements ImageStore {
    private static final String COLUMNS =
            "name, layers_json, kernel_id, work_seed_digest, readiness_json, recipe, broken, created_at, updated_at";

    // Old installs demand the two paths; an image of layers has neither.
    private static final String INSERT = "INSERT INTO images (" + COLUMNS
            + ", id, managed, rootfs_path, kernel_path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, '', '')";

    private static final String UPDATE = "UPDATE images SET (" + COLUMNS
            + ", managed) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1) WHERE id = ?10";

    private final Database database;

    public SqliteImageStore(Database database) {
        this.database = database;
    }

    @Override
    public Image put(Image image) {
        return database.write(connection -> {
            Optional<String> replaced =
                    Row.first(connection, "images", "name", image.name(), row -> row.text("id", ""));
            String id = replaced.orElse(image.id().toString());
            try (var statement = connection.prepareStatement(replaced.isPresent() ? UPDATE : INSERT)) {
                ImageRow.write(statement, image);
                statement.setString(10, id);
                statement.executeUpdate();
            }
            return byRowId(connection, id).orElseThrow();
        });
    }

    @Override
    public void delete(UUID id) {
        database.write(connection -> {
            String row = RowId.text(connection, "images", id);
            refuseUsed(connection, row);
            try (var delete = connection.prepareStatement("DELETE FROM images WHERE id = ?")) {
                delete.setString(1, row);
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public Optional<Image> find(UUID id) {
        return database.read(connection -> byRowId(connection, RowId.text(connection, "images", id)));
    }

    @Override
    public Optional<Image> findByName(String exactName) {
        return database.read(connection -> Row.first(connection, "images", "name", exactName, ImageRow::read));
    }

    @Override
    public Image resolve(String reference) {
        return database.read(connection -> {
            UUID id = new Reference("image", reference).among(Row.all(connection, "images", Reference::candidate));
            return byRowId(connection, RowId.text(connection, "images", id)).orElseThrow();
        });
    }

    @Override
    public List<Image> list() {
        return database.read(connection -> Row.all(connection, "images", ImageRow::read));
    }

    private static Optional<Image> byRowId(Connection connection, @Nullable String id) throws SQLException {
        return Row.first(connection, "images", "id", id, ImageRow::read);
    }

    private static void refuseUsed(Connection connection, @Nullable String id) throws SQLException {
        List<String> vms = new ArrayList<>();
        try (var select = connection.prepareStatement("SELECT name FROM vms WHERE image_id = ? ORDER BY name")) {
            select.setString(1, id);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    vms.add(rows.getString(1));
                }
            }
        }
        if (!vms.isEmpty()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "the image is used by these vms: " + String.join(", ", vms),
                    "banger vm delete " + vms.getFirst());
        }
    }
}
