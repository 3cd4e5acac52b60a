package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.image.Image;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that an install from before versioning made, with rows in it. */
class OldDatabaseTest {
    private static final String IMAGES = "CREATE TABLE images (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            + " managed INTEGER NOT NULL DEFAULT 0, artifact_dir TEXT, rootfs_path TEXT NOT NULL, work_seed_path TEXT,"
            + " kernel_path TEXT NOT NULL, initrd_path TEXT, modules_dir TEXT, packages_path TEXT, build_size TEXT,"
            + " docker INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)";

    private static final String VMS = "CREATE TABLE vms (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            + " image_id TEXT NOT NULL REFERENCES images(id), guest_ip TEXT NOT NULL UNIQUE, state TEXT NOT NULL,"
            + " created_at TEXT NOT NULL, updated_at TEXT NOT NULL, last_touched_at TEXT NOT NULL,"
            + " spec_json TEXT NOT NULL, runtime_json TEXT NOT NULL, stats_json TEXT NOT NULL DEFAULT '{}')";

    private static final String OLD_IMAGE =
            "INSERT INTO images (id, name, rootfs_path, kernel_path, docker, created_at,"
                    + " updated_at) VALUES ('01hzxoldimage', 'debian', '/var/root.ext4', '/var/vmlinux', 1,"
                    + " '2025-01-01T10:00:00.5+02:00', 'yesterday')";

    private static final String OLD_VM = "INSERT INTO vms (id, name, image_id, guest_ip, state, created_at, updated_at,"
            + " last_touched_at, spec_json, runtime_json) VALUES ('9f8e7d6c', 'Beta_Sandbox', '01hzxoldimage',"
            + " '172.16.0.2', 'running', '2025-01-01T08:00:00Z', '', '', '{\"vcpu_count\":2}', '{\"pid\":77}')";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeOldInstall() {
        file = folder.resolve("banger.db");
        Sql.run(file, IMAGES, VMS, OLD_IMAGE, OLD_VM);
    }

    @Test
    void opensAndKeepsItsRowsAsTheyWere() {
        Database.open(file).close();
        assertEquals(
                List.of("/var/root.ext4 /var/vmlinux"),
                Sql.column(file, "SELECT rootfs_path || ' ' || kernel_path FROM images"));
        assertEquals(
                List.of("172.16.0.2 {\"vcpu_count\":2} {\"pid\":77}"),
                Sql.column(file, "SELECT guest_ip || ' ' || spec_json || ' ' || runtime_json FROM vms"));
        assertEquals(
                List.of("1", "2", "3", "4", "5"), Sql.column(file, "SELECT id FROM schema_migrations ORDER BY id"));
        assertFalse(
                Sql.column(file, "SELECT name FROM pragma_table_info('images')").contains("docker"));
    }

    @Test
    void itsRowsAreListedAsBrokenWithTheReason() {
        try (Database database = Database.open(file)) {
            Vm vm = new SqliteVmStore(database).list().getFirst();
            assertEquals("Beta_Sandbox", vm.name());
            assertEquals(VmState.BROKEN, vm.state());
            assertTrue(String.valueOf(vm.broken()).contains("older banger"), vm.broken());
            Image image = new SqliteImageStore(database).list().getFirst();
            assertTrue(String.valueOf(image.broken()).contains("older banger"), image.broken());
            assertEquals(image.id(), vm.imageId());
            assertEquals("2025-01-01T08:00:00.500Z", image.createdAt().toString());
        }
    }

    @Test
    void newVmsAndImagesStandBesideTheOldOnes() {
        try (Database database = Database.open(file)) {
            Image image = new SqliteImageStore(database).put(Samples.image("fresh"));
            SqliteVmStore vms = new SqliteVmStore(database);
            vms.insert(Samples.vm("one", image));
            vms.insert(Samples.vm("two", image));
            assertEquals(
                    List.of("Beta_Sandbox", "one", "two"),
                    vms.list().stream().map(Vm::name).toList());
        }
    }

    @Test
    void anOldImageThatVmsStandOnGivesItsNameToTheNewOne() {
        try (Database database = Database.open(file)) {
            SqliteImageStore images = new SqliteImageStore(database);
            Image old = images.findByName("debian").orElseThrow();
            Image made = images.put(Samples.image("debian"));
            assertEquals(null, made.broken());
            assertEquals(made, images.findByName("debian").orElseThrow());
            assertTrue(images.find(old.id()).orElseThrow().name().startsWith("debian-"));
            SqliteVmStore vms = new SqliteVmStore(database);
            vms.insert(Samples.vm("one", made));
            assertEquals(made.id(), vms.findByName("one").orElseThrow().imageId());
            assertEquals(
                    VmState.BROKEN, vms.findByName("Beta_Sandbox").orElseThrow().state());
        }
    }

    @Test
    void anOldVmIsFoundByWhatTheListShowsAndCanBeDeleted() {
        try (Database database = Database.open(file)) {
            SqliteVmStore vms = new SqliteVmStore(database);
            Vm listed = vms.list().getFirst();
            assertEquals(listed, vms.resolve(listed.id().toString().substring(0, 8)));
            assertEquals(listed, vms.find(listed.id()).orElseThrow());
            vms.delete(listed.id());
            assertEquals(List.of(), vms.list());
        }
    }

    @Test
    void aChangeOfStateDoesNotWipeWhatAnOldRowSays() {
        try (Database database = Database.open(file)) {
            SqliteVmStore vms = new SqliteVmStore(database);
            vms.update(vms.list().getFirst().withState(VmState.DELETING));
            assertEquals(VmState.BROKEN, vms.list().getFirst().state());
        }
        assertEquals(List.of("{\"vcpu_count\":2}"), Sql.column(file, "SELECT spec_json FROM vms"));
    }

    @Test
    void guestSessionsOfAnOldInstallAreLeftAlone() {
        Sql.run(
                file,
                "CREATE TABLE guest_sessions (id TEXT PRIMARY KEY, vm_id TEXT REFERENCES vms(id) ON DELETE CASCADE)",
                "INSERT INTO guest_sessions VALUES ('s1', '9f8e7d6c')");
        Database.open(file).close();
        assertEquals(List.of("s1"), Sql.column(file, "SELECT id FROM guest_sessions"));
    }

    @Test
    void anInstallOldEnoughToLackColumnsGetsThem() {
        Path older = folder.resolve("older.db");
        Sql.run(
                older,
                "CREATE TABLE images (id TEXT PRIMARY KEY, name TEXT NOT NULL, rootfs_path TEXT NOT NULL)",
                "CREATE TABLE vms (id TEXT PRIMARY KEY, name TEXT NOT NULL, image_id TEXT NOT NULL, state TEXT NOT NULL)",
                "INSERT INTO images VALUES ('i', 'ancient', '/root.ext4')",
                "INSERT INTO vms VALUES ('v', 'relic', 'i', 'stopped')");
        try (Database database = Database.open(older)) {
            SqliteVmStore vms = new SqliteVmStore(database);
            assertEquals("relic", vms.list().getFirst().name());
            vms.insert(Samples.vm("one", new SqliteImageStore(database).put(Samples.image("fresh"))));
            assertEquals(2, vms.list().size());
        }
    }

    @Test
    void aVmWhoseImageIsGoneIsListedAllTheSame() {
        Sql.run(file, "DELETE FROM images");
        try (Database database = Database.open(file)) {
            assertEquals(
                    "Beta_Sandbox",
                    new SqliteVmStore(database).list().getFirst().name());
        }
    }
}
