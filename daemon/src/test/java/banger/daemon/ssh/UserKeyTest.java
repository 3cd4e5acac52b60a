package banger.daemon.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserKeyTest {
    @TempDir
    Path folder;

    @Test
    void anOwnKeyIsMadeWhenItIsFirstNeededAndKept() throws IOException {
        Path file = folder.resolve("id_ed25519");
        UserKey key = new UserKey(file, null);
        assertTrue(Files.notExists(file));
        String made = key.publicKey();
        assertTrue(made.startsWith("ssh-ed25519 AAAA"), made);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                made + " banger",
                Files.readString(folder.resolve("id_ed25519.pub")).strip());
        assertEquals(made, key.publicKey());
        assertEquals(made, new UserKey(file, null).publicKey());
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void aKeyThatIsReplacedIsReadAnew() throws IOException {
        Path file = folder.resolve("id");
        UserKey key = new UserKey(file, null);
        String first = key.publicKey();
        Files.delete(file);
        assertNotEquals(first, key.publicKey());
    }

    @Test
    void aChosenKeyIsUsedAndNeverMade() throws Exception {
        Path own = folder.resolve("own");
        Path chosen = folder.resolve("chosen");
        UserKey key = new UserKey(own, chosen);
        Problem e = assertThrows(Problem.class, key::publicKey);
        assertTrue(e.getMessage().contains(chosen + " cannot be read: there is no such file"), e.getMessage());
        keygen(chosen, "ecdsa", "");
        assertTrue(key.publicKey().startsWith("ecdsa-sha2-nistp256 "));
        assertTrue(Files.notExists(own));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rwx--x---", "r--r-----"})
    void aKeyThatOthersMayUseIsRefused(String mode) throws Exception {
        Path file = folder.resolve("id");
        keygen(file, "ed25519", "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Problem e = assertThrows(Problem.class, new UserKey(folder.resolve("own"), file)::publicKey);
        assertTrue(e.getMessage().contains("has mode " + mode), e.getMessage());
        assertEquals("chmod 600 " + file, e.hint());
    }

    @Test
    void aPassphraseIsRefusedWithTheWayToTakeItOff() throws Exception {
        Path file = folder.resolve("id");
        keygen(file, "ed25519", "secret words");
        Problem e = assertThrows(Problem.class, new UserKey(folder.resolve("own"), file)::publicKey);
        assertTrue(e.getMessage().contains("has a passphrase"), e.getMessage());
        assertNotNull(e.hint());
        assertTrue(e.hint().contains("ssh-keygen -p -f " + file), e.hint());
    }

    @Test
    void whatIsNoKeyIsRefused() throws IOException {
        Path file = folder.resolve("id");
        Files.writeString(file, "hello");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Problem e = assertThrows(Problem.class, new UserKey(folder.resolve("own"), file)::publicKey);
        assertTrue(e.getMessage().contains("is not a private key"), e.getMessage());
        e = assertThrows(Problem.class, new UserKey(folder.resolve("own"), folder)::publicKey);
        assertTrue(e.getMessage().contains("not a file"), e.getMessage());
    }

    private static void keygen(Path file, String type, String passphrase) throws Exception {
        Process process = new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }
}
