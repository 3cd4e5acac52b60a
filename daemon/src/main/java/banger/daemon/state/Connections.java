package banger.daemon.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * Open connections to one SQLite file, kept for the next use: opening one costs more than most queries.
 *
 * <p>The data source sets WAL, the busy timeout, foreign keys and synchronous on every connection that it makes.
 */
final class Connections implements AutoCloseable {
    /** How long SQLite itself waits for a lock of another process, such as a shell that a person left open. */
    static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private static final int MAX_IDLE = 4;

    private final SQLiteDataSource source;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    private Connections(SQLiteDataSource source) {
        this.source = source;
    }

    static Connections readWrite(Path file) {
        SQLiteConfig config = common();
        config.setJournalMode(JournalMode.WAL);
        // FULL, not NORMAL: what is made on the host is recorded first, and that record must outlive a power cut.
        config.setSynchronous(SynchronousMode.FULL);
        return new Connections(source(config, "jdbc:sqlite:" + file.toUri() + "?mode=rw"));
    }

    static Connections readOnly(Path file) {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        config.setSynchronous(SynchronousMode.FULL);
        // SQLite makes -wal and -shm beside a WAL database even to read it. Where there is no log to read, "immutable"
        // keeps it from that; where there is one, a daemon is or was there and both files exist already.
        String immutable = Files.exists(log(file)) ? "" : "&immutable=1";
        return new Connections(source(config, "jdbc:sqlite:" + file.toUri() + "?mode=ro" + immutable));
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.enforceForeignKeys(true);
        return config;
    }

    private static SQLiteDataSource source(SQLiteConfig config, String url) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(url);
        return source;
    }

    Connection take() throws SQLException {
        synchronized (idle) {
            if (closed) {
                throw new SQLException("the database is closed");
            }
            Connection kept = idle.pollFirst();
            if (kept != null) {
                return kept;
            }
        }
        return source.getConnection();
    }

    /** Keeps a healthy connection, up to a bound; closes any other, which rolls back what it had open. */
    void giveBack(Connection connection, boolean healthy) throws SQLException {
        if (healthy) {
            synchronized (idle) {
                if (!closed && idle.size() < MAX_IDLE) {
                    idle.addFirst(connection);
                    return;
                }
            }
        }
        connection.close();
    }

    @Override
    public void close() {
        for (Connection connection = nextToClose(); connection != null; connection = nextToClose()) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Every transaction has ended by now: there is nothing left that a failure here could lose.
            }
        }
    }

    private @Nullable Connection nextToClose() {
        synchronized (idle) {
            closed = true;
            return idle.pollFirst();
        }
    }
}
