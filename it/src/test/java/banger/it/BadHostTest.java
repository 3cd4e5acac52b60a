package banger.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hosts that lack something, or whose database cannot be used. */
class BadHostTest {
    private static final String OLD_IMAGES =
            "CREATE TABLE images (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, managed INTEGER NOT NULL DEFAULT 0,"
                    + " artifact_dir TEXT, rootfs_path TEXT NOT NULL, work_seed_path TEXT, kernel_path TEXT NOT NULL,"
                    + " initrd_path TEXT, modules_dir TEXT, packages_path TEXT, build_size TEXT,"
                    + " docker INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)";
    private static final String OLD_VMS =
            "CREATE TABLE vms (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, image_id TEXT NOT NULL REFERENCES images(id),"
                    + " guest_ip TEXT NOT NULL UNIQUE, state TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,"
                    + " last_touched_at TEXT NOT NULL, spec_json TEXT NOT NULL, runtime_json TEXT NOT NULL,"
                    + " stats_json TEXT NOT NULL DEFAULT '{}')";

    @Test
    void aMissingQemuIsNamedAndNothingIsMade() {
        try (Home home = Home.withoutTemplate()) {
            home.configure("qemu_bin = \"/no/such/qemu\"\n");
            home.banger("vm", "create", "--name", "unborn").fails(1, "/no/such/qemu");
            assertEquals(List.of(), home.names());
            home.assertNothingLeftOver();
            assertEquals(2, home.banger("doctor").exit());
        }
    }

    @Test
    void aQemuThatIsNotOnThePathIsNamedAndFoundLater() throws IOException {
        try (Home home = Home.withoutTemplate()) {
            Path programs = Files.createDirectory(home.folder().resolve("bin"));
            for (String folder : new String[] {"/usr/sbin", "/usr/bin"}) {
                try (Stream<Path> all = Files.list(Path.of(folder))) {
                    for (Path program : (Iterable<Path>) all::iterator) {
                        Path link = programs.resolve(program.getFileName());
                        if (!link.getFileName().toString().startsWith("qemu") && Files.notExists(link)) {
                            Files.createSymbolicLink(link, program);
                        }
                    }
                }
            }
            String path = System.getenv("PATH");
            home.environment().put("PATH", programs.toString());
            home.banger("vm", "create", "--name", "unborn").fails(1, "qemu-system-x86");
            assertEquals(List.of(), home.names());
            home.environment().put("PATH", path);
            home.banger("daemon", "restart").exits(0);
            assertEquals("born", home.create("born"));
        }
    }

    @Test
    void aSettingThatIsUnknownOrMakesNoSenseIsToldAndNoDaemonStarts() {
        try (Home home = Home.empty()) {
            home.configure("qemu_bim = \"x\"\n");
            home.banger("ps").fails(1, "qemu_bim", "qemu_bin");
            home.configure("[defaults]\nmemory = \"much\"\n");
            home.banger("ps").fails(1, "memory", "much");
            home.configure("this is = = no toml");
            home.banger("ps").fails(1, "config.toml");
            home.configure("");
            home.banger("ps").exits(0);
        }
    }

    @Test
    void aSocketPathThatIsTooLongIsToldWithItsLength() throws IOException {
        try (Home home = Home.empty()) {
            Path deep = Files.createDirectories(home.folder().resolve("x".repeat(100)));
            home.environment().put("XDG_RUNTIME_DIR", deep.toString());
            home.banger("ps").failsInALine(1, "socket path", "107", "XDG_RUNTIME_DIR");
            home.banger("doctor").exits(2);
            home.run(Dist.BUILT.bangerd()).failsInALine(1, "socket path", "107", "XDG_RUNTIME_DIR");
            assertFalse(Files.exists(home.socket()));
        }
    }

    @Test
    void aRuntimeFolderInWhichOnlyTheDaemonsOwnSocketFitsIsToldToo() throws IOException {
        try (Home home = Home.empty()) {
            int room = 107 - home.folder().toString().length() - "/banger/bangerd.sock".length() - 1;
            Path deep = Files.createDirectories(home.folder().resolve("x".repeat(room)));
            home.environment().put("XDG_RUNTIME_DIR", deep.toString());
            home.banger("ps").fails(1, "socket path", "107", "XDG_RUNTIME_DIR");
        }
    }

    @Test
    void foldersThatCannotBeMadeAreNamed() throws IOException {
        try (Home home = Home.empty()) {
            Path file = Files.createFile(home.folder().resolve("file"));
            home.environment().put("XDG_DATA_HOME", file.toString());
            home.banger("ps").fails(1, file.toString());
        }
    }

    @Test
    void aDamagedDatabaseIsToldAndLeftAsItIs() throws IOException {
        try (Home home = Home.empty()) {
            Files.createDirectories(home.state());
            byte[] junk = "this was a database once, and it is none any more\n"
                    .repeat(200)
                    .getBytes();
            Files.write(home.database(), junk);
            home.banger("ps").fails(1, "banger.db", "damaged");
            home.run(Dist.BUILT.bangerd()).fails(1, "banger.db", "damaged");
            assertArrayEquals(junk, Files.readAllBytes(home.database()));
            assertEquals(2, home.banger("doctor").exit());
            Files.delete(home.database());
        }
    }

    @Test
    void theLayersOfVmsThatNoRecordKnowsAreKept() throws IOException {
        try (Home home = Home.empty()) {
            Path vm = Files.createDirectories(home.data().resolve("vms/0b1f7a52-6c3d-4a0e-9a53-1f0c2d3e4f50"));
            Path layer = Files.writeString(
                    Files.createDirectories(home.data().resolve("layers")).resolve("0a.ext4"), "a layer");
            home.banger("daemon", "start").exits(0);
            assertTrue(Files.exists(layer), "the VM's layer went with the database");
            home.banger("image", "prune", "--yes").exits(0);
            assertTrue(Files.exists(layer), "the VM's layer was pruned");
            Files.delete(vm);
            home.banger("daemon", "restart").exits(0);
            assertFalse(Files.exists(layer));
        }
    }

    @Test
    void aDatabaseWhosePagesAreDamagedIsToldToo() throws IOException {
        try (Home home = Home.withoutTemplate()) {
            byte[] pages = Files.readAllBytes(home.database());
            for (int i = 4096; i < pages.length; i++) {
                pages[i] = (byte) (i * 31);
            }
            Files.write(home.database(), pages);
            home.banger("ps").fails(1, "banger.db", "damaged");
            assertArrayEquals(pages, Files.readAllBytes(home.database()));
            Files.delete(home.database());
            Command.ok("rm", "-rf", home.data().toString());
        }
    }

    @Test
    void aDatabaseOfANewerSchemaIsRefusedAndLeftAsItIs() {
        try (Home home = Home.withoutTemplate()) {
            Sqlite.run(
                    home.database(),
                    "INSERT INTO schema_migrations (id, name, applied_at) VALUES (9999, 'from_the_future', '2999-01-01T00:00:00Z')");
            home.banger("ps").fails(1, "banger.db", "newer");
            assertEquals(List.of("debian"), Sqlite.column(home.database(), "SELECT name FROM images"));
            Sqlite.run(home.database(), "DELETE FROM schema_migrations WHERE id = 9999");
            assertEquals("debian", home.banger("image", "list", "-q").text());
        }
    }

    @Test
    void aDatabaseWithOnlyTheOldSchemaOpensAndKeepsItsRows() throws IOException {
        try (Home home = Home.empty()) {
            Files.createDirectories(home.state());
            Sqlite.run(
                    home.database(),
                    OLD_IMAGES,
                    OLD_VMS,
                    "CREATE TABLE guest_sessions (id TEXT PRIMARY KEY, note TEXT)",
                    "INSERT INTO guest_sessions VALUES ('s1', 'left alone')",
                    "INSERT INTO images (id, name, rootfs_path, kernel_path, docker, created_at, updated_at) VALUES"
                            + " ('01hzxoldimage', 'ubuntu', '/var/root.ext4', '/var/vmlinux', 1, '2025-01-01T10:00:00Z', '')",
                    "INSERT INTO vms (id, name, image_id, guest_ip, state, created_at, updated_at, last_touched_at, spec_json,"
                            + " runtime_json) VALUES ('9f8e7d6c', 'beta-sandbox', '01hzxoldimage', '172.16.0.2', 'running',"
                            + " '2025-01-01T08:00:00Z', '', '', '{\"vcpu_count\":2}', '{\"pid\":77}')");
            assertEquals(List.of("beta-sandbox"), home.names());
            assertEquals("broken", home.vmState("beta"));
            assertTrue(home.banger("ps").text().contains("older banger"));
            assertEquals("ubuntu", home.banger("image", "list", "-q").text());
            home.banger("vm", "start", "beta").fails(1, "beta-sandbox");
            assertEquals(
                    List.of("s1left alone"), Sqlite.column(home.database(), "SELECT id || note FROM guest_sessions"));
            assertEquals(List.of("/var/root.ext4"), Sqlite.column(home.database(), "SELECT rootfs_path FROM images"));
            assertEquals(
                    List.of("172.16.0.2{\"vcpu_count\":2}"),
                    Sqlite.column(home.database(), "SELECT guest_ip || spec_json FROM vms"));
            assertFalse(Sqlite.column(home.database(), "SELECT name FROM pragma_table_info('images')")
                    .contains("docker"));
            assertEquals(
                    "beta-sandbox: deleted\n",
                    home.banger("vm", "delete", "beta-sandbox").exits(0).out());
        }
    }

    @Test
    void aVmWhoseDiskIsGoneIsToldAndHarmsNoOther() throws IOException {
        try (Home home = Home.withoutTemplate()) {
            home.create("whole");
            home.create("holed");
            home.banger("vm", "stop", "holed").exits(0);
            Path disk = home.data()
                    .resolve("vms")
                    .resolve(home.show("holed").at("id").text())
                    .resolve("work.ext4");
            Files.delete(disk);
            home.banger("vm", "start", "holed").fails(1, "work.ext4");
            assertEquals(List.of("holed", "whole"), home.names());
            assertEquals("up", home.sh("whole", "echo up"));
            home.banger("vm", "delete", "holed").exits(0);
        }
    }
}
