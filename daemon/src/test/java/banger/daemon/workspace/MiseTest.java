package banger.daemon.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the guest has mise, it is told to trust what the workspace brings. */
class MiseTest {
    @TempDir
    Path folder;

    private Surroundings at;

    @BeforeEach
    void begin() throws IOException {
        at = new Surroundings(folder);
        at.begin();
        at.onHost("touch mise.toml .tool-versions; git add .; git commit -q -m tools");
    }

    private void mise(String does) throws IOException {
        Path program = at.guest.programs.resolve("mise");
        Files.writeString(program, "#!/bin/sh\n" + does + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void itsFilesAreTrusted(WorkspaceMode mode) throws IOException {
        mise("echo \"$@\" >>\"$HOME/calls\"");
        at.prepare(mode);
        String repo = at.guest.path("repo");
        String calls = "trust --quiet " + repo + "/mise.toml\ntrust --quiet " + repo + "/.tool-versions\n";
        assertEquals(calls, Files.readString(Path.of(at.guest.path("calls"))));
        at.onHost("echo changed >>one.txt");
        at.prepare(mode);
        assertEquals(calls + calls, Files.readString(Path.of(at.guest.path("calls"))));
    }

    @Test
    void filesOfAnEnvironmentAndOfConfDAreTrustedToo() throws IOException {
        at.onHost("mkdir -p .config/mise/conf.d; touch mise.local.toml .mise.dev.toml .config/mise/conf.d/a.toml");
        mise("echo \"${3#\"$HOME/repo/\"}\" >>\"$HOME/calls\"");
        at.prepare(WorkspaceMode.SHALLOW);
        assertEquals(
                "mise.toml\nmise.local.toml\n.mise.dev.toml\n.tool-versions\n.config/mise/conf.d/a.toml\n",
                Files.readString(Path.of(at.guest.path("calls"))));
    }

    @Test
    void aMiseThatFailsIsNoFailureOfThePreparation() throws IOException {
        mise("exit 1");
        at.prepare(WorkspaceMode.SHALLOW);
        at.assertSame("prepared all the same");
    }
}
