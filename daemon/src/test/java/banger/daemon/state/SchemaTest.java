package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("banger.db");
    }

    @Test
    void aNewDatabaseHasEveryMigrationInOrder() {
        Database.open(file).close();
        assertEquals(
                List.of(
                        "1 baseline",
                        "2 drop_images_docker",
                        "3 add_vms_workspace_json",
                        "4 add_image_metadata",
                        "5 add_network"),
                Sql.column(file, "SELECT id || ' ' || name FROM schema_migrations ORDER BY id"));
        assertEquals(List.of(), Sql.column(file, "SELECT id FROM schema_migrations WHERE applied_at NOT LIKE '20%Z'"));
        assertFalse(columns("images").contains("docker"));
        assertTrue(columns("vms").contains("workspace_json"));
    }

    @Test
    void theBaselineStillHasTheColumnThatTheSecondDrops() {
        Database.open(file, new Schema(Migrations.ALL.subList(0, 1))).close();
        assertTrue(columns("images").contains("docker"));
        assertFalse(columns("vms").contains("workspace_json"));
    }

    @Test
    void theBaselineMayRunTwice() {
        Database.open(file, new Schema(Migrations.ALL.subList(0, 1))).close();
        List<String> once = columns("images");
        Sql.run(file, "DELETE FROM schema_migrations");
        Database.open(file, new Schema(Migrations.ALL.subList(0, 1))).close();
        assertEquals(once, columns("images"));
    }

    @Test
    void openingAgainAppliesNothingAgain() {
        List<String> runs = new ArrayList<>();
        Schema schema = new Schema(List.of(new Migration(1, "counted", connection -> runs.add("ran"))));
        Database.open(file, schema).close();
        Database.open(file, schema).close();
        assertEquals(List.of("ran"), runs);
    }

    @Test
    void twoMigrationsOfOneIdAreRefused() {
        Migration one = new Migration(1, "one", connection -> {});
        Migration other = new Migration(1, "other", connection -> {});
        var refused = assertThrows(IllegalStateException.class, () -> new Schema(List.of(one, other)));
        assertTrue(refused.getMessage().contains("\"other\""), refused.getMessage());
    }

    @Test
    void aMigrationThatFailsLeavesNoTraceAndTheNextOpenGoesOnFromThere() {
        Migration first = new Migration(1, "first", connection -> run(connection, "CREATE TABLE a (x)"));
        Migration cut = new Migration(2, "second", connection -> {
            run(connection, "CREATE TABLE b (x)");
            run(connection, "INSERT INTO a VALUES ('half')");
            throw new SQLException("pulled plug");
        });
        Migration whole = new Migration(2, "second", connection -> {
            run(connection, "CREATE TABLE b (x)");
            run(connection, "INSERT INTO a VALUES ('whole')");
        });

        assertThrows(Problem.class, () -> Database.open(file, new Schema(List.of(first, cut))));
        assertEquals(List.of("1"), Sql.column(file, "SELECT id FROM schema_migrations"));
        assertEquals(List.of(), Sql.column(file, "SELECT x FROM a"));
        assertEquals(List.of(), Sql.column(file, "SELECT name FROM sqlite_master WHERE name = 'b'"));

        Database.open(file, new Schema(List.of(first, whole))).close();
        assertEquals(List.of("1", "2"), Sql.column(file, "SELECT id FROM schema_migrations ORDER BY id"));
        assertEquals(List.of("whole"), Sql.column(file, "SELECT x FROM a"));
    }

    @Test
    void aNewerDatabaseIsRefusedAndKeptAsItIs() {
        Database.open(file).close();
        Sql.run(file, "INSERT INTO schema_migrations VALUES (900, 'tomorrow', '2030-01-01T00:00:00Z')");
        Problem problem = assertThrows(Problem.class, () -> Database.open(file));
        String expected = "has schema 900, this banger knows up to " + Schema.CURRENT.version();
        assertTrue(problem.getMessage().contains(expected), problem.getMessage());
        assertEquals(List.of("900"), Sql.column(file, "SELECT max(id) FROM schema_migrations"));
    }

    private List<String> columns(String table) {
        return Sql.column(file, "SELECT name FROM pragma_table_info('" + table + "')");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
