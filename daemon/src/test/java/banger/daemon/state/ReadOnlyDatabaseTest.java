package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyDatabaseTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("banger.db");
    }

    @Test
    void whereThereIsNoFileItFailsAtOnceAndMakesNone() {
        Problem problem = assertThrows(Problem.class, () -> Database.openReadOnly(file));
        assertEquals(Problem.Kind.NOT_FOUND, problem.kind());
        assertFalse(Files.exists(file));
    }

    @Test
    void aDatabaseAtRestKeepsItsBytesItsTimeAndItsFolder() throws IOException {
        Database.open(file).close();
        byte[] bytes = Files.readAllBytes(file);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, longAgo);
        try (Database database = Database.openReadOnly(file)) {
            assertEquals(Schema.CURRENT.version(), database.schemaVersion());
            assertEquals(List.of(), new SqliteVmStore(database).list());
            assertEquals(List.of(file), content());
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
        assertEquals(longAgo, Files.getLastModifiedTime(file));
        assertEquals(List.of(file), content());
    }

    @Test
    void besideARunningDaemonItSeesWhatIsNotYetInTheMainFile() throws IOException {
        try (Database daemon = Database.open(file)) {
            new SqliteImageStore(daemon).put(Samples.image("debian"));
            byte[] bytes = Files.readAllBytes(file);
            List<Path> before = content();
            try (Database database = Database.openReadOnly(file)) {
                assertEquals(
                        "debian",
                        new SqliteImageStore(database).list().getFirst().name());
            }
            assertArrayEquals(bytes, Files.readAllBytes(file));
            assertEquals(before, content());
        }
    }

    @Test
    void itMigratesNothing() {
        Sql.run(
                file,
                "CREATE TABLE vms (id TEXT PRIMARY KEY, name TEXT NOT NULL)",
                "INSERT INTO vms VALUES ('7', 'old')");
        try (Database database = Database.openReadOnly(file)) {
            assertEquals(0, database.schemaVersion());
            assertEquals("old", new SqliteVmStore(database).list().getFirst().name());
        }
        assertEquals(List.of("vms"), Sql.column(file, "SELECT name FROM sqlite_master WHERE type = 'table'"));
    }

    @Test
    void itCannotWrite() {
        Database.open(file).close();
        try (Database database = Database.openReadOnly(file)) {
            Problem problem =
                    assertThrows(Problem.class, () -> new SqliteImageStore(database).put(Samples.image("debian")));
            assertTrue(problem.getMessage().contains("reading only"), problem.getMessage());
            assertThrows(
                    Problem.class,
                    () -> database.read(connection -> {
                        try (var statement = connection.createStatement()) {
                            return statement.execute("DELETE FROM images");
                        }
                    }));
        }
    }

    @Test
    void aNewerSchemaIsRefused() {
        Database.open(file).close();
        Sql.run(file, "INSERT INTO schema_migrations VALUES (900, 'from_the_future', '2030-01-01T00:00:00Z')");
        Problem problem = assertThrows(Problem.class, () -> Database.openReadOnly(file));
        assertTrue(
                problem.getMessage().contains("schema 900, this banger knows up to " + Schema.CURRENT.version()),
                problem.getMessage());
    }

    private List<Path> content() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
