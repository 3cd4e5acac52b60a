package banger.cli.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonUnitTest {
    @TempDir
    Path folder;

    private DaemonUnit ofUser(Path program) {
        return DaemonUnit.ofUser(program, Map.of("HOME", folder.toString(), "XDG_STATE_HOME", "/s 100% \"mine\""));
    }

    private DaemonUnit ofUser() {
        return ofUser(Path.of("/opt/banger/bin/bangerd"));
    }

    @Test
    void itIsWhereTheManagerOfTheUserLooks() {
        assertEquals(folder.resolve(".config/systemd/user/bangerd.service"), ofUser().file());
        assertEquals(
                Path.of("/c/systemd/user/bangerd.service"),
                DaemonUnit.ofUser(Path.of("/b"), Map.of("XDG_CONFIG_HOME", "/c"))
                        .file());
    }

    @Test
    void withoutAHomeThereIsNoUnitOfTheUser() {
        var failure = assertThrows(CliFailure.class, () -> DaemonUnit.ofUser(Path.of("/b"), Map.of()));
        assertTrue(failure.text().contains("HOME is not set"), failure.text());
    }

    @Test
    void whatWasWrittenIsCurrentUntilTheProgramIsElsewhere() throws IOException {
        assertFalse(ofUser().isCurrent());
        ofUser().write();
        ofUser().write();
        assertTrue(ofUser().isCurrent());
        DaemonUnit moved = ofUser(Path.of("/elsewhere/bin/bangerd"));
        assertFalse(moved.isCurrent());
        assertTrue(moved.isInstalled());
        moved.write();
        assertTrue(moved.isCurrent());
    }

    @Test
    void aFileOfSomebodyElseIsNeitherReplacedNorRemoved() throws IOException {
        Path file = Files.createDirectories(ofUser().file().getParent()).resolve(DaemonUnit.NAME);
        Files.writeString(file, "[Unit]\n");
        for (var refused : new CliFailure[] {
            assertThrows(CliFailure.class, () -> ofUser().write()),
            assertThrows(CliFailure.class, () -> ofUser().remove()),
            assertThrows(CliFailure.class, () -> ofUser().isInstalled())
        }) {
            assertTrue(refused.text().contains(file + " is not of banger's making"), refused.text());
        }
        assertEquals("[Unit]\n", Files.readString(file));
    }

    @Test
    void removingLeavesNothingOfIt() throws IOException {
        ofUser().write();
        ofUser().remove();
        ofUser().remove();
        try (var left = Files.list(ofUser().file().getParent())) {
            assertEquals(0, left.count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/opt/a\nUser=root/bangerd", "/opt/my \"own\"/bangerd", "/opt/it's/bangerd", "/opt/a\\b"})
    void aProgramThatSystemdWouldNotRunIsRefused(String program) {
        assertThrows(CliFailure.class, () -> ofUser(Path.of(program)));
    }

    @Test
    void systemdAcceptsTheUnits() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        Path program =
                Files.createDirectories(folder.resolve("a 100% new place")).resolve("bangerd");
        Files.writeString(program, "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        verify(ofUser(program), "--user");
        verify(DaemonUnit.ofHost(program, Map.of("SSL_CERT_FILE", "/etc/ssl/certs")), "--system");
    }

    /** Verifies a copy, as the unit of the host has a place that is not for tests to write to. */
    private void verify(DaemonUnit unit, String whose) throws Exception {
        Path copy = Files.writeString(folder.resolve(DaemonUnit.NAME), unit.text());
        var verify = new ProcessBuilder("systemd-analyze", whose, "verify", copy.toString());
        verify.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = verify.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertFalse(said.contains(DaemonUnit.NAME), said);
    }
}
