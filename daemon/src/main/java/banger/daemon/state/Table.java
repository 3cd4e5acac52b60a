package banger.daemon.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A table as a list of column declarations, which is made where it is missing and completed where it has fewer columns.
 *
 * @param columns declarations such as {@code "name TEXT NOT NULL UNIQUE"}, the name first
 */
record Table(String name, List<String> columns) {
    void ensure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + name + " (" + String.join(", ", columns) + ")");
        }
        for (String column : columns) {
            addColumn(connection, name, addable(column));
        }
    }

    /** Adds the column where the table has none of that name. */
    static void addColumn(Connection connection, String table, String column) throws SQLException {
        if (columnsOf(connection, table).contains(nameOf(column))) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE " + table + " ADD COLUMN " + column);
        }
    }

    static Set<String> columnsOf(Connection connection, String table) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (rows.next()) {
                names.add(rows.getString("name").toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** SQLite adds no column that is a key, unique, or without a value for the rows that are there. */
    private static String addable(String column) {
        String plain = column.replace(" PRIMARY KEY", "").replace(" UNIQUE", "");
        return plain.contains(" DEFAULT ") ? plain : plain.replace(" NOT NULL", "");
    }

    private static String nameOf(String column) {
        return column.substring(0, column.indexOf(' '));
    }
}
