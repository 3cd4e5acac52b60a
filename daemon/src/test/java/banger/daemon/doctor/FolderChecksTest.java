package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderChecksTest {
    @TempDir
    Path folder;

    @Test
    void foldersForTheUserAloneAreFine() {
        assertEquals(Level.OK, find("folders", Store.in(folder).paths()).level());
    }

    @Test
    void foldersThatAreNotMadeYetAreFineAndAreNotMade() throws IOException {
        HostPaths paths = below(folder.resolve("new"));
        assertEquals(Level.OK, find("folders", paths).level());
        assertEquals(Level.OK, find("disk", paths).level());
        assertFalse(Files.exists(folder.resolve("new")));
    }

    @Test
    void aFolderThatOthersMayEnterIsAWarning() throws IOException {
        HostPaths paths = Store.in(folder).paths();
        Files.setPosixFilePermissions(paths.data(), PosixFilePermissions.fromString("rwxr-x---"));
        Finding finding = find("folders", paths);
        assertEquals(
                Finding.warning(paths.data() + " is open to other users: rwxr-x---", "chmod 700 " + paths.data()),
                finding);
    }

    @Test
    void settingsMayBeReadByOthersAndNotWritten() throws IOException {
        HostPaths paths = Store.in(folder).paths();
        Files.setPosixFilePermissions(paths.config(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(Level.OK, find("folders", paths).level());
        Files.setPosixFilePermissions(paths.config(), PosixFilePermissions.fromString("rwxrwxr-x"));
        assertEquals(
                Finding.warning(paths.config() + " is open to other users: rwxrwxr-x", "chmod 700 " + paths.config()),
                find("folders", paths));
    }

    @Test
    void aFileInAFoldersPlaceIsAFailure() throws IOException {
        HostPaths paths = Store.in(folder).paths();
        Files.delete(paths.cache());
        Files.writeString(paths.cache(), "");
        Finding finding = find("folders", paths);
        assertEquals(Level.FAILURE, finding.level());
        assertEquals(paths.cache() + " is not a folder", finding.found());
    }

    @Test
    void aFileOnTheWayToAFolderIsAFailure() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Finding finding = find("folders", below(file.resolve("banger")));
        assertEquals(Level.FAILURE, finding.level());
        assertTrue(finding.found().contains(file.toString()), finding.found());
    }

    @Test
    void aSocketPathThatIsTooLongIsAFailureThatNamesIt() {
        HostPaths paths = below(folder.resolve("x".repeat(60)));
        Finding finding = find("sockets", paths);
        assertEquals(Level.FAILURE, finding.level());
        assertTrue(finding.found().contains("of 107 bytes: " + paths.runtime()), finding.found());
        assertEquals(Level.OK, find("sockets", below(Path.of("/run/user/1000"))).level());
    }

    @Test
    void aSocketPathThatFitsIsOneThatADaemonStartsWith() {
        int left = HostPaths.MAX_SOCKET_PATH_BYTES
                - below(folder).longestSocket().toString().length();
        for (int more : List.of(left - 1, left)) {
            HostPaths paths = below(folder.resolve("x".repeat(more)));
            assertEquals(
                    more < left ? Level.OK : Level.FAILURE,
                    find("sockets", paths).level());
            if (more < left) {
                paths.prepare();
            } else {
                assertThrows(Problem.class, paths::prepare);
            }
        }
    }

    @Test
    void theDiskSaysItsSpaceAndItsFileSystem() throws IOException {
        String type = Files.getFileStore(folder).type();
        Finding finding = find("disk", Store.in(folder).paths());
        assertTrue(finding.found().matches("\\d.* free on " + type + ", disks are cloned by .*"), finding.found());
    }

    @Test
    void vmsOnAFileSystemInMemoryWouldNotLast() throws IOException {
        assertEquals("tmpfs", Files.getFileStore(Path.of("/dev/shm")).type());
        Finding finding = find("disk", below(Path.of("/dev/shm/none")));
        assertTrue(finding.level() != Level.OK, finding.found());
    }

    private static HostPaths below(Path root) {
        return new HostPaths(
                root.resolve("c"), root.resolve("s"), root.resolve("d"), root.resolve("k"), root.resolve("r"));
    }

    private static Finding find(String name, HostPaths paths) {
        return FolderChecks.of(paths).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }
}
