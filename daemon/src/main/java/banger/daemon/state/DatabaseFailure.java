package banger.daemon.state;

import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns what SQLite reports into what a person can act on. */
final class DatabaseFailure {
    private static final int PRIMARY_CODE_MASK = 0xff;

    private DatabaseFailure() {}

    static Problem of(SQLException e, Path file) {
        String reason = String.valueOf(e.getMessage());
        return switch (code(e)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB -> damaged(file, reason, e);
            case SQLITE_FULL ->
                new Problem(
                        Problem.Kind.RESOURCE_EXHAUSTED,
                        "no space left for the database " + file,
                        "free some space on its file system: df -h " + file.getParent(),
                        e);
            case SQLITE_IOERR ->
                new Problem(
                        Problem.Kind.FAILED,
                        "cannot read or write the database " + file + ": " + reason,
                        "is the disk full or failing? df -h " + file.getParent(),
                        e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new Problem(
                        Problem.Kind.FAILED,
                        "another process has held the database " + file + " locked for "
                                + Connections.BUSY_TIMEOUT_MILLIS / 1000 + " s",
                        "see who has it open: fuser -v " + file,
                        e);
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                new Problem(
                        Problem.Kind.FAILED,
                        "cannot open the database " + file + ": " + reason,
                        "check who may read and write it: ls -ld " + file.getParent() + " " + file,
                        e);
            default -> new Problem(Problem.Kind.FAILED, "the database " + file + " failed: " + reason, null, e);
        };
    }

    static Problem damaged(Path file, String reason, @Nullable Throwable cause) {
        return new Problem(
                Problem.Kind.FAILED,
                "the database " + file + " is damaged: " + reason,
                "put back a copy, or start anew: mv " + file + " " + file
                        + ".damaged (the vms' disks stay where they are)",
                cause);
    }

    /** The primary code of SQLite's many extended ones, such as IOERR of IOERR_WRITE. */
    private static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE_MASK)
                : SQLiteErrorCode.SQLITE_ERROR;
    }
}
