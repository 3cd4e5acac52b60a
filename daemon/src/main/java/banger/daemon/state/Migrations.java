package banger.daemon.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Every migration, in order. Append only: a database of any age goes through those that it lacks. */
final class Migrations {
    static final List<Migration> ALL = List.of(
            new Migration(1, "baseline", Baseline::apply),
            new Migration(2, "drop_images_docker", Migrations::dropImagesDocker),
            new Migration(3, "add_vms_workspace_json", Migrations::addVmsWorkspaceJson));

    private Migrations() {}

    private static void dropImagesDocker(Connection connection) throws SQLException {
        execute(connection, "ALTER TABLE images DROP COLUMN docker");
    }

    private static void addVmsWorkspaceJson(Connection connection) throws SQLException {
        Table.addColumn(connection, "vms", "workspace_json TEXT");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
