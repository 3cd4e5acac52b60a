package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.os.DaemonLock;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Programs;
import banger.daemon.state.Database;
import banger.daemon.vm.VmState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreChecksTest {
    @TempDir
    Path folder;

    private Store store;
    private HostPaths paths;

    @BeforeEach
    void makeFolders() {
        store = Store.in(folder);
        paths = store.paths();
    }

    @Test
    void aWholeDiagnosisLeavesEveryFileAsItIs() throws IOException {
        store.putVm("beta", VmState.STOPPED);
        Store.write(paths.vm("gone").resolve("root.ext4"));
        Map<String, String> before = content();
        Doctor.of(here()).run(new PrintStream(new ByteArrayOutputStream()), false);
        Doctor.of(here()).run(new PrintStream(new ByteArrayOutputStream()), true);
        assertEquals(before, content());
    }

    @Test
    void aNewHostIsDiagnosedWithoutMakingAFile() throws IOException {
        assertEquals(Finding.ok("none yet at " + paths.database()), find("database"));
        assertEquals(Finding.warning("no image yet", "banger image bootstrap"), find("images"));
        assertEquals(Finding.ok("0 vms"), find("vms"));
        assertEquals(Finding.ok("none"), find("leftovers"));
        assertFalse(Files.exists(paths.database()));
    }

    @Test
    void anotherThatHasTheStoreIsNotTakenForNone() {
        assertEquals(Finding.ok("not running; the next command starts it"), find("daemon"));
        try (DaemonLock held = DaemonLock.take(paths.daemonLock())) {
            Finding found = find("daemon");
            assertEquals(Level.FAILURE, found.level());
            assertTrue(
                    found.found()
                            .startsWith("process " + ProcessHandle.current().pid() + " "),
                    found.found());
        }
        assertEquals(Level.OK, find("daemon").level());
    }

    @Test
    void theSchemasAreCompared() throws SQLException {
        store.putImage("debian");
        int known = Database.programSchemaVersion();
        assertEquals(Finding.ok(paths.database() + ", schema " + known), find("database"));
        run("DELETE FROM schema_migrations WHERE id > 2");
        assertEquals(
                Finding.ok(paths.database() + ", schema 2; the daemon will bring it to " + known), find("database"));
        run("INSERT INTO schema_migrations VALUES (99, 'later', '')");
        Finding newer = find("database");
        assertEquals(Level.FAILURE, newer.level());
        assertTrue(newer.found().contains("schema 99, this banger knows up to " + known), newer.found());
    }

    @Test
    void aDamagedDatabaseIsAFailureWithWhatToDo() {
        Store.write(paths.database());
        Finding finding = find("database");
        assertEquals(Level.FAILURE, finding.level());
        assertTrue(String.valueOf(finding.fix()).contains("mv " + paths.database()), finding.fix());
    }

    @Test
    void brokenVmsAreNamedWithTheirReason() throws SQLException {
        store.putVm("beta", VmState.STOPPED);
        run("UPDATE vms SET spec_json = '{'");
        Finding finding = find("vms");
        assertEquals(Level.WARNING, finding.level());
        assertTrue(finding.found().contains("beta (its record cannot be read"), finding.found());
    }

    @Test
    void anImageWhoseLayerIsGoneIsNamed() {
        store.putImage("debian");
        Finding finding = find("images");
        assertEquals(Level.WARNING, finding.level());
        assertTrue(finding.found().contains("debian (its layer " + paths.layer(Store.LAYER)), finding.found());
    }

    @Test
    void aDamagedKernelIsNamed() throws IOException {
        Files.createDirectories(paths.kernels().resolve("debian-6"));
        Finding finding = find("kernels");
        assertEquals(Level.WARNING, finding.level());
        assertTrue(finding.found().contains("debian-6 ("), finding.found());
    }

    @Test
    void whatIsLeftOverIsNamed() {
        Path machine = Store.write(paths.vm("gone").resolve("root.ext4")).getParent();
        Finding finding = find("leftovers");
        assertEquals(Level.WARNING, finding.level());
        assertTrue(finding.found().contains("file " + machine), finding.found());
    }

    @Test
    void aKilledDaemonIsToldByItsSocket() throws IOException {
        assertEquals(Level.OK, find("daemon").level());
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(paths.socket()))
                .close();
        Finding finding = find("daemon");
        assertEquals(Level.WARNING, finding.level());
        assertEquals("banger daemon start", finding.fix());
    }

    private Finding find(String name) {
        return StoreChecks.of(here()).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }

    private Surroundings here() {
        return new Surroundings(
                paths,
                null,
                null,
                Programs::find,
                new Kvm(false, "", null),
                HostChecksTest.noDrivers(),
                folder.resolve("agent"));
    }

    private void run(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + paths.database());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Every file and folder with its time and its bytes. */
    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String bytes =
                        Files.isRegularFile(file) ? Integer.toString(Arrays.hashCode(Files.readAllBytes(file))) : "";
                content.put(file.toString(), Files.getLastModifiedTime(file) + " " + bytes);
            }
        }
        return content;
    }
}
