package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("banger.db");
    }

    @Test
    void everyConnectionHasTheSettingsNotOnlyTheFirst() throws Exception {
        int readers = 3;
        CountDownLatch together = new CountDownLatch(readers);
        try (Database database = Database.open(file);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> settings = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                settings.add(threads.submit(() -> database.read(connection -> {
                    together.countDown();
                    awaitAll(together);
                    return List.of(
                            pragma(connection, "journal_mode"),
                            pragma(connection, "foreign_keys"),
                            pragma(connection, "busy_timeout"),
                            pragma(connection, "synchronous"));
                })));
            }
            for (var each : settings) {
                assertEquals(List.of("wal", "1", "5000", "2"), each.get());
            }
        }
    }

    @Test
    void aNewFileIsForItsUserAlone() throws IOException {
        Database.open(file).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aPathMayHoldWhatUrlsGiveAMeaning() {
        Path odd = folder.resolve("a b%20?mode=memory#x.db");
        Database.open(odd).close();
        assertEquals(
                List.of("" + Schema.CURRENT.version()),
                Sql.column(copyOf(odd), "SELECT max(id) FROM schema_migrations"));
    }

    @Test
    void aFailedWriteLeavesNothingBehind() {
        try (Database database = Database.open(file)) {
            assertThrows(
                    Problem.class,
                    () -> database.write(connection -> {
                        execute(
                                connection,
                                "INSERT INTO images (id, name, rootfs_path, kernel_path, created_at, updated_at)"
                                        + " VALUES ('1', 'half', '', '', '', '')");
                        throw new SQLException("pulled plug");
                    }));
            assertEquals(List.of(), new SqliteImageStore(database).list());
        }
    }

    @Test
    void writersWaitForEachOtherAndLoseNothing() throws Exception {
        int writers = 8;
        int each = 20;
        try (Database database = Database.open(file)) {
            database.write(connection -> execute(connection, "CREATE TABLE counter AS SELECT 0 AS value"));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < writers; i++) {
                    threads.submit(() -> {
                        for (int n = 0; n < each; n++) {
                            database.write(connection -> execute(connection, "UPDATE counter SET value = value + 1"));
                        }
                    });
                }
            }
        }
        assertEquals(List.of("160"), Sql.column(file, "SELECT value FROM counter"));
    }

    @Test
    void aReaderDoesNotWaitForAWriter() {
        try (Database database = Database.open(file)) {
            int seen = database.write(connection -> {
                execute(connection, "CREATE TABLE unseen (a)");
                return database.read(Schema::versionOf);
            });
            assertEquals(Schema.CURRENT.version(), seen);
        }
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        Path lost = folder.resolve("gone/banger.db");
        Problem problem = assertThrows(Problem.class, () -> Database.open(lost));
        assertTrue(problem.getMessage().contains("gone/banger.db"), problem.getMessage());
    }

    @Test
    void textInPlaceOfADatabaseIsRefusedWithWhatToDo() throws IOException {
        Files.writeString(file, "this is not a database, although it is long enough to have been one".repeat(40));
        Problem problem = assertThrows(Problem.class, () -> Database.open(file));
        assertTrue(problem.getMessage().startsWith("the database " + file + " is damaged"), problem.getMessage());
        assertTrue(String.valueOf(problem.hint()).contains("mv " + file), problem.hint());
    }

    @Test
    void aPageOfRubbishIsFoundWhenOpened() throws IOException {
        Database.open(file).close();
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        Problem problem = assertThrows(Problem.class, () -> Database.open(file));
        assertTrue(problem.getMessage().contains("is damaged"), problem.getMessage());
        assertThrows(Problem.class, () -> Database.openReadOnly(file));
    }

    @Test
    void aFullDiskIsSaidAndTheRowsBeforeItStay() {
        try (Database database = Database.open(file)) {
            database.write(connection -> execute(connection, "CREATE TABLE kept AS SELECT 'here' AS value"));
            Problem problem = assertThrows(
                    Problem.class,
                    () -> database.write(connection -> {
                        // What SQLite does at a full disk, it does at the page limit: SQLITE_FULL.
                        execute(connection, "PRAGMA max_page_count = 1");
                        return execute(connection, "CREATE TABLE big AS SELECT zeroblob(1000000) AS filler");
                    }));
            assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, problem.kind());
            assertTrue(problem.getMessage().contains(file.toString()), problem.getMessage());
        }
        assertEquals(List.of("here"), Sql.column(file, "SELECT value FROM kept"));
    }

    @Test
    void nothingIsLeftOpenOrBesideTheFileAfterClosing() throws IOException {
        Database.open(file).close();
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aClosedDatabaseSaysSo() {
        Database database = Database.open(file);
        database.close();
        Problem problem = assertThrows(Problem.class, database::schemaVersion);
        assertTrue(problem.getMessage().contains("closed"), problem.getMessage());
        assertFalse(Files.exists(folder.resolve("banger.db-wal")));
    }

    private Path copyOf(Path odd) {
        try {
            return Files.copy(odd, file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getString(1);
        }
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
