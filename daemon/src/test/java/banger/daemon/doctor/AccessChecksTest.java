package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Programs;
import banger.daemon.ssh.UserKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessChecksTest {
    @TempDir
    Path folder;

    private HostPaths paths;

    @BeforeEach
    void makeFolders() {
        paths = Store.in(folder).paths();
    }

    private Finding find(String name, @Nullable Path socket) {
        var here = new Surroundings(
                paths,
                null,
                socket,
                Programs::find,
                new Kvm(false, "", null),
                HostChecksTest.noDrivers(),
                folder.resolve("agent"));
        return AccessChecks.of(here).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }

    @Test
    void aKeyThatIsNotThereYetIsNotMade() {
        assertEquals(
                Finding.ok("none yet at " + paths.sshKey() + "; it is made when it is first needed"),
                find("ssh key", null));
        assertTrue(Files.notExists(paths.sshKey()));
    }

    @Test
    void aKeyThatOthersMayReadIsAFailureWithItsCommand() throws IOException {
        Files.createDirectories(paths.ssh());
        new UserKey(paths.sshKey(), null).publicKey();
        assertEquals(Finding.ok(paths.sshKey() + ", ssh-ed25519, its user's alone"), find("ssh key", null));
        Files.setPosixFilePermissions(paths.sshKey(), PosixFilePermissions.fromString("rw-r--r--"));
        Finding open = find("ssh key", null);
        assertEquals(Level.FAILURE, open.level());
        assertEquals("chmod 600 " + paths.sshKey(), open.fix());
    }

    @Test
    void aChosenKeyThatIsMissingIsAFailure() throws IOException {
        Path chosen = folder.resolve("chosen");
        Files.writeString(paths.configFile(), "ssh_key_path = \"" + chosen + "\"");
        Finding missing = find("ssh key", null);
        assertEquals(Level.FAILURE, missing.level());
        assertTrue(missing.found().contains(chosen + " cannot be read: there is no such file"), missing.found());
    }

    @Test
    void aSharedDaemonsSocketIsLookedAt() throws IOException {
        Path socket = folder.resolve("shared.sock");
        assertEquals(Level.OK, find("group", null).level());
        assertEquals(Finding.failure("there is no " + socket, "sudo systemctl start bangerd"), find("group", socket));
        Files.writeString(socket, "");
        assertEquals(Finding.ok("this user may use " + socket), find("group", socket));
    }
}
