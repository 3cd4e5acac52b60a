package banger.daemon.state;

import banger.daemon.image.CachedStep;
import banger.daemon.image.Layer;
import banger.daemon.image.StepCache;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The build steps in the database's table {@code build_steps}. */
public final class SqliteStepCache implements StepCache {
    private final Database database;

    public SqliteStepCache(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Layer> find(String key) {
        return database.write(connection -> {
            try (var touch = connection.prepareStatement("UPDATE build_steps SET used_at = ? WHERE key = ?")) {
                touch.setString(1, Instant.now().toString());
                touch.setString(2, key);
                touch.executeUpdate();
            }
            return Row.first(
                    connection, "build_steps", "key", key, row -> step(row).layer());
        });
    }

    @Override
    public void put(CachedStep step) {
        database.write(connection -> {
            try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO build_steps"
                    + " (key, what, layer_digest, layer_bytes, used_at) VALUES (?, ?, ?, ?, ?)")) {
                insert.setString(1, step.key());
                insert.setString(2, step.what());
                insert.setString(3, step.layer().digest());
                insert.setLong(4, step.layer().sizeBytes());
                insert.setString(5, step.usedAt().toString());
                return insert.executeUpdate();
            }
        });
    }

    @Override
    public void deleteLayer(String digest) {
        database.write(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM build_steps WHERE layer_digest = ?")) {
                delete.setString(1, digest);
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public List<CachedStep> list() {
        return database.read(SqliteStepCache::all);
    }

    private static List<CachedStep> all(Connection connection) throws SQLException {
        List<CachedStep> steps = new ArrayList<>();
        // Diagnosis may open a database of a schema before the table.
        if (Table.columnsOf(connection, "build_steps").isEmpty()) {
            return steps;
        }
        return Row.all(connection, "build_steps", "used_at", SqliteStepCache::step);
    }

    private static CachedStep step(Row row) throws SQLException {
        return new CachedStep(
                row.text("key", ""),
                row.text("what", ""),
                new Layer(row.text("layer_digest", ""), row.number("layer_bytes")),
                row.time("used_at"));
    }
}
