package banger.daemon.state;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The schema that this program works with: what the migrations, run in order, lead to. */
record Schema(List<Migration> migrations) {
    static final Schema CURRENT = new Schema(Migrations.ALL);

    /** @throws IllegalStateException where two migrations share an id, or the order is not that of the ids */
    Schema {
        migrations = List.copyOf(migrations);
        int last = 0;
        for (Migration migration : migrations) {
            if (migration.id() <= last) {
                throw new IllegalStateException("migration " + migration.id() + " \"" + migration.name()
                        + "\" follows migration " + last + ": ids must be unique and rising");
            }
            last = migration.id();
        }
    }

    int version() {
        return migrations.isEmpty() ? 0 : migrations.getLast().id();
    }

    /** Runs what the database lacks, each migration in a transaction of its own together with its record. */
    void migrate(Database database) {
        refuseNewer(database.schemaVersion(), database.file());
        Set<Integer> applied = database.read(Schema::appliedTo);
        for (Migration migration : migrations) {
            if (!applied.contains(migration.id())) {
                database.write(connection -> {
                    makeRecordTable(connection);
                    migration.body().apply(connection);
                    record(connection, migration);
                    return migration.id();
                });
            }
        }
    }

    void refuseNewer(int found, Path file) {
        if (found > version()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the database " + file + " has schema " + found + ", this banger knows up to " + version(),
                    "run the newer banger that made it, or point XDG_STATE_HOME at another folder");
        }
    }

    static int versionOf(Connection connection) throws SQLException {
        return appliedTo(connection).stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static Set<Integer> appliedTo(Connection connection) throws SQLException {
        Set<Integer> ids = new HashSet<>();
        if (Table.columnsOf(connection, "schema_migrations").isEmpty()) {
            return ids;
        }
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM schema_migrations")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    private static void makeRecordTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_migrations"
                    + " (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
        }
    }

    private static void record(Connection connection, Migration migration) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO schema_migrations VALUES (?, ?, ?)")) {
            insert.setInt(1, migration.id());
            insert.setString(2, migration.name());
            insert.setString(3, Instant.now().toString());
            insert.executeUpdate();
        }
    }
}
