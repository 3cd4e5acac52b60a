package banger.daemon.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The current row of a result; a column that the table does not have (yet) reads as null. */
final class Row {
    private final ResultSet rows;
    private final Map<String, Integer> positions = new HashMap<>();

    private Row(ResultSet rows) throws SQLException {
        this.rows = rows;
        var columns = rows.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            positions.put(columns.getColumnName(i), i);
        }
    }

    /** Every row of the table, by name. */
    static <T> List<T> all(Connection connection, String table, Reader<T> reader) throws SQLException {
        return all(connection, table, "name", reader);
    }

    /** Every row of the table, in the order of that column. */
    static <T> List<T> all(Connection connection, String table, String order, Reader<T> reader) throws SQLException {
        List<T> read = new ArrayList<>();
        try (var select = connection.prepareStatement("SELECT * FROM " + table + " ORDER BY " + order);
                var rows = select.executeQuery()) {
            Row row = new Row(rows);
            while (rows.next()) {
                read.add(reader.read(row));
            }
        }
        return read;
    }

    /** The row whose column holds that value; none for null. */
    static <T> Optional<T> first(
            Connection connection, String table, String column, @Nullable String value, Reader<T> reader)
            throws SQLException {
        try (var select = connection.prepareStatement("SELECT * FROM " + table + " WHERE " + column + " = ?")) {
            select.setString(1, value);
            try (var rows = select.executeQuery()) {
                Row row = new Row(rows);
                return rows.next() ? Optional.of(reader.read(row)) : Optional.empty();
            }
        }
    }

    @Nullable
    String text(String column) throws SQLException {
        Integer position = positions.get(column);
        return position == null ? null : rows.getString(position);
    }

    String text(String column, String fallback) throws SQLException {
        String value = text(column);
        return value == null ? fallback : value;
    }

    /** A number; 0 where there is none. */
    long number(String column) throws SQLException {
        Integer position = positions.get(column);
        return position == null ? 0 : rows.getLong(position);
    }

    /** An ISO-8601 time; the epoch where there is none that can be read, as no list must fail for that. */
    Instant time(String column) throws SQLException {
        try {
            return Instant.parse(text(column, ""));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Makes an object of a row. */
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }
}
