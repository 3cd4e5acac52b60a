package banger.daemon.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The schema of migration 1, which a database from before versioning joins with its rows as they are.
 *
 * <p>The first columns of both tables are those of old installs, constraints included, so that old and new databases
 * have one shape. What banger no longer knows but they demand gets a harmless value (see the stores); a row without
 * {@code layers_json} or {@code machine_id} is one that an old install made.
 */
final class Baseline {
    private static final Table IMAGES = new Table(
            "images",
            List.of(
                    "id TEXT PRIMARY KEY",
                    "name TEXT NOT NULL UNIQUE",
                    "managed INTEGER NOT NULL DEFAULT 0",
                    "artifact_dir TEXT",
                    "rootfs_path TEXT NOT NULL",
                    "work_seed_path TEXT",
                    "kernel_path TEXT NOT NULL",
                    "initrd_path TEXT",
                    "modules_dir TEXT",
                    "packages_path TEXT",
                    "build_size TEXT",
                    "docker INTEGER NOT NULL DEFAULT 0",
                    "created_at TEXT NOT NULL",
                    "updated_at TEXT NOT NULL",
                    "layers_json TEXT",
                    "kernel_id TEXT",
                    "work_seed_digest TEXT",
                    "readiness_json TEXT",
                    "recipe TEXT",
                    "broken TEXT"));

    private static final Table VMS = new Table(
            "vms",
            List.of(
                    "id TEXT PRIMARY KEY",
                    "name TEXT NOT NULL UNIQUE",
                    "image_id TEXT NOT NULL REFERENCES images(id)",
                    "guest_ip TEXT NOT NULL UNIQUE",
                    "state TEXT NOT NULL",
                    "created_at TEXT NOT NULL",
                    "updated_at TEXT NOT NULL",
                    "last_touched_at TEXT NOT NULL",
                    "spec_json TEXT NOT NULL",
                    "runtime_json TEXT NOT NULL",
                    "stats_json TEXT NOT NULL DEFAULT '{}'",
                    "machine_id TEXT",
                    "broken TEXT"));

    private Baseline() {}

    static void apply(Connection connection) throws SQLException {
        IMAGES.ensure(connection);
        VMS.ensure(connection);
    }
}
