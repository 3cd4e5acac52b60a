package banger.daemon.state;

import java.sql.Connection;
import java.sql.SQLException;

/** One step from an older schema to a newer one; its id and its body never change once released. */
record Migration(int id, String name, Body body) {
    /** The statements of a migration, run within a transaction that also records it. */
    interface Body {
        void apply(Connection connection) throws SQLException;
    }
}
