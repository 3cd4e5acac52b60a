package banger.daemon.state;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text under which a row is stored, against the UUID that the rest of the program knows it by.
 *
 * <p>banger stores a UUID's own text. Old installs stored ids of other forms; such a row gets a UUID derived from its
 * text, the same one every time.
 */
final class RowId {
    private static final int UUID_LENGTH = 36;

    private RowId() {}

    static UUID uuid(String text) {
        if (text.length() == UUID_LENGTH) {
            try {
                UUID parsed = UUID.fromString(text);
                if (parsed.toString().equals(text)) {
                    return parsed;
                }
            } catch (IllegalArgumentException e) {
                // An old id that happens to have a UUID's length.
            }
        }
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The id text of the row that has this UUID, or null where there is none. */
    static @Nullable String text(Connection connection, String table, UUID id) throws SQLException {
        try (var exact = connection.prepareStatement("SELECT id FROM " + table + " WHERE id = ?")) {
            exact.setString(1, id.toString());
            try (var rows = exact.executeQuery()) {
                if (rows.next()) {
                    return rows.getString(1);
                }
            }
        }
        return derived(connection, table, id);
    }

    private static @Nullable String derived(Connection connection, String table, UUID id) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM " + table)) {
            while (rows.next()) {
                String text = rows.getString(1);
                if (text != null && uuid(text).equals(id)) {
                    return text;
                }
            }
        }
        return null;
    }
}
