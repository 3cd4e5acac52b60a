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
            new Migration(3, "add_vms_workspace_json", Migrations::addVmsWorkspaceJson),
            new Migration(4, "add_image_metadata", Migrations::addImageMetadata),
            new Migration(5, "add_network", Migrations::addNetwork));

    private Migrations() {}

    private static void dropImagesDocker(Connection connection) throws SQLException {
        execute(connection, "ALTER TABLE images DROP COLUMN docker");
    }

    private static void addVmsWorkspaceJson(Connection connection) throws SQLException {
        Table.addColumn(connection, "vms", "workspace_json TEXT");
    }

    /** Where an image comes from and how its VMs run; and the results of build steps, which outlive their images. */
    private static void addImageMetadata(Connection connection) throws SQLException {
        for (String column : List.of("seed_fingerprint", "profile_json", "history_json", "packages_json")) {
            Table.addColumn(connection, "images", column + " TEXT");
        }
        execute(
                connection,
                "CREATE TABLE build_steps (key TEXT PRIMARY KEY, what TEXT NOT NULL,"
                        + " layer_digest TEXT NOT NULL, layer_bytes INTEGER NOT NULL, used_at TEXT NOT NULL)");
    }

    /** The bridge, its TAP devices, and the VMs' places on it, named by the VMs' ids. */
    private static void addNetwork(Connection connection) throws SQLException {
        execute(connection, "CREATE TABLE network_bridge (name TEXT PRIMARY KEY, subnet TEXT NOT NULL, subnet6 TEXT)");
        execute(connection, "CREATE TABLE network_taps (name TEXT PRIMARY KEY)");
        execute(
                connection,
                "CREATE TABLE network_leases (name TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,"
                        + " tap TEXT, ports TEXT NOT NULL)");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
