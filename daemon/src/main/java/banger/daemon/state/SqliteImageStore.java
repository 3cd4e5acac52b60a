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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The images in the database's table {@code images}. */
public final class SqliteImageStore implements ImageStore {
    private static final String INSERT = "INSERT INTO images (id, name, created_at, " + ImageRow.COLUMNS
            + ") VALUES (?1, ?2, ?3, " + ImageRow.MARKS + ")";

    private static final String UPDATE =
            "UPDATE images SET (" + ImageRow.COLUMNS + ") = (" + ImageRow.MARKS + ") WHERE id = ?1";

    private static final int SHORT_ID_LENGTH = 8;

    private final Database database;

    public SqliteImageStore(Database database) {
        this.database = database;
    }

    @Override
    public Image put(Image image) {
        return database.write(connection -> {
            Optional<String> older = named(connection, image.name());
            if (older.isPresent()) {
                giveWay(connection, older.get());
            }
            return insert(connection, image);
        });
    }

    @Override
    public Image add(Image image) {
        return database.write(connection -> {
            if (named(connection, image.name()).isPresent()) {
                throw new Problem(
                        Problem.Kind.ALREADY_EXISTS,
                        "image " + image.name() + " exists already",
                        "give another name, or: banger image delete " + image.name());
            }
            return insert(connection, image);
        });
    }

    private static Optional<String> named(Connection connection, String name) throws SQLException {
        return Row.first(connection, "images", "name", name, row -> row.text("id", ""));
    }

    private static Image insert(Connection connection, Image image) throws SQLException {
        try (var statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, image.id().toString());
            statement.setString(2, image.name());
            statement.setString(3, image.createdAt().toString());
            ImageRow.write(statement, image);
            statement.executeUpdate();
        }
        return byRowId(connection, image.id().toString()).orElseThrow();
    }

    @Override
    public Image update(UUID id, UnaryOperator<Image> change) {
        return database.write(connection -> {
            String row = RowId.text(connection, "images", id);
            Image now = byRowId(connection, row)
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.NOT_FOUND, "no image \"" + id + "\" any more", "banger image list"));
            try (var statement = connection.prepareStatement(UPDATE)) {
                statement.setString(1, row);
                ImageRow.write(statement, change.apply(now));
                statement.executeUpdate();
            }
            return byRowId(connection, row).orElseThrow();
        });
    }

    /** An image that VMs stand on stays, under another name; what nobody uses goes. */
    private static void giveWay(Connection connection, String id) throws SQLException {
        String sql = users(connection, id).isEmpty()
                ? "DELETE FROM images WHERE id = ?1"
                : "UPDATE images SET name = name || '-' || substr(id, 1, " + SHORT_ID_LENGTH + ") WHERE id = ?1";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
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
        List<String> vms = users(connection, id);
        if (!vms.isEmpty()) {
            String name = Row.first(connection, "images", "id", id, row -> row.text("name", ""))
                    .orElse("");
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + name + " is used by " + (vms.size() == 1 ? "vm " : "these vms: ")
                            + String.join(", ", vms),
                    "banger vm delete " + vms.getFirst());
        }
    }

    private static List<String> users(Connection connection, @Nullable String id) throws SQLException {
        List<String> vms = new ArrayList<>();
        try (var select = connection.prepareStatement("SELECT name FROM vms WHERE image_id = ? ORDER BY name")) {
            select.setString(1, id);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    vms.add(rows.getString(1));
                }
            }
        }
        return vms;
    }
}
