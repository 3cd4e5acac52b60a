package banger.daemon.state;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The SQLite file with all that banger must remember.
 *
 * <p>Safe for any number of threads. Reads run side by side, each on a connection of its own; writes wait for one lock,
 * so that they never meet each other as "database is locked". Every failure comes as a {@link Problem}.
 */
public final class Database implements AutoCloseable {
    private final Path file;
    private final Connections connections;
    private final ReentrantLock writing = new ReentrantLock();
    private final boolean readOnly;

    private Database(Path file, Connections connections, boolean readOnly) {
        this.file = file;
        this.connections = connections;
        this.readOnly = readOnly;
    }

    /** Opens or makes the file and brings its schema up to date. The caller holds the daemon's lock. */
    public static Database open(Path file) {
        return open(file, Schema.CURRENT);
    }

    static Database open(Path file, Schema schema) {
        makeForTheUserAlone(file);
        Database database = new Database(file, Connections.readWrite(file), false);
        return database.orClose(() -> {
            database.check();
            schema.migrate(database);
        });
    }

    /**
     * Opens an existing file for diagnosis: never writes, migrates or makes a file.
     *
     * @throws Problem NOT_FOUND where there is no file; FAILED where it is damaged or of a newer schema
     */
    public static Database openReadOnly(Path file) {
        return openReadOnly(file, Schema.CURRENT);
    }

    static Database openReadOnly(Path file, Schema schema) {
        if (!Files.exists(file)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "no database at " + file, "banger daemon start");
        }
        Database database = new Database(file, Connections.readOnly(file), true);
        return database.orClose(() -> {
            database.check();
            schema.refuseNewer(database.schemaVersion(), file);
        });
    }

    public Path file() {
        return file;
    }

    /** The id of the last migration in the file; 0 for a database from before versioning. */
    public int schemaVersion() {
        return read(Schema::versionOf);
    }

    /** The id of the last migration that this program knows. */
    public static int programSchemaVersion() {
        return Schema.CURRENT.version();
    }

    <T> T read(Work<T> work) {
        return inTransaction("BEGIN", work);
    }

    <T> T write(Work<T> work) {
        if (readOnly) {
            throw new Problem(Problem.Kind.FAILED, "the database " + file + " is open for reading only");
        }
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a write within a write would wait for itself");
        }
        writing.lock();
        try {
            return inTransaction("BEGIN IMMEDIATE", work);
        } finally {
            writing.unlock();
        }
    }

    private <T> T inTransaction(String begin, Work<T> work) {
        try {
            Connection connection = connections.take();
            boolean committed = false;
            try {
                execute(connection, begin);
                T result = work.with(connection);
                execute(connection, "COMMIT");
                committed = true;
                return result;
            } finally {
                // Closing rolls back; what state a failed transaction left its connection in is not worth knowing.
                connections.giveBack(connection, committed);
            }
        } catch (SQLException e) {
            throw DatabaseFailure.of(e, file);
        }
    }

    private void check() {
        String verdict = read(connection -> {
            try (Statement statement = connection.createStatement();
                    var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
                return rows.next() ? rows.getString(1) : "nothing was checked";
            }
        });
        if (!verdict.equals("ok")) {
            throw DatabaseFailure.damaged(file, verdict, null);
        }
    }

    private Database orClose(Runnable preparation) {
        boolean prepared = false;
        try {
            preparation.run();
            prepared = true;
            return this;
        } finally {
            if (!prepared) {
                close();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void makeForTheUserAlone(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // An earlier run made it.
        } catch (NoSuchFileException e) {
            throw new Problem(Problem.Kind.NOT_FOUND, "no folder for the database " + file, "banger doctor", e);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot make the database: " + e.getMessage(), "banger doctor", e);
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    /** What is done within one transaction. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }
}
