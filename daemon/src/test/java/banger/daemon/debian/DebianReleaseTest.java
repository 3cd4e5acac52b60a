package banger.daemon.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianReleaseTest {
    @TempDir
    Path folder;

    private Path apt;
    private Path osRelease;

    @BeforeEach
    void prepare() throws IOException {
        apt = folder.resolve("apt");
        Files.createDirectories(apt.resolve("sources.list.d"));
        osRelease = Files.writeString(folder.resolve("os-release"), "ID=debian\nVERSION_CODENAME=bookworm\n");
    }

    @Test
    void oneLineEntriesBecomeStanzasOfMain() throws IOException {
        write("sources.list", """
                # a comment
                deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://mirror.test/debian bookworm main contrib
                deb-src https://mirror.test/debian bookworm main
                deb https://mirror.test/security bookworm-security main # another
                """);
        assertEquals("""
                Types: deb
                URIs: https://mirror.test/debian
                Suites: bookworm
                Components: main
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: https://mirror.test/security
                Suites: bookworm-security
                Components: main
                """, DebianRelease.of(apt, osRelease).sourcesText());
    }

    @Test
    void stanzasKeepTheirKeyAndOnlyTheReleasesSuites() throws IOException {
        write("sources.list.d/debian.sources", """
                Types: deb deb-src
                # the mirror
                URIs: http://mirror.test/debian
                Suites: bookworm bookworm-updates bookworm-backports
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 debian-archive-key
                 -----END PGP PUBLIC KEY BLOCK-----

                Enabled: no
                Types: deb
                URIs: http://off.test/debian
                Suites: bookworm
                Components: main
                """);
        assertEquals("""
                Types: deb
                URIs: http://mirror.test/debian
                Suites: bookworm bookworm-updates
                Components: main
                Signed-By:\s
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 debian-archive-key
                 -----END PGP PUBLIC KEY BLOCK-----
                """, DebianRelease.of(apt, osRelease).sourcesText());
    }

    @Test
    void otherPeoplesRepositoriesAreLeftOut() throws IOException {
        write(
                "sources.list.d/docker.list",
                "deb [signed-by=/etc/apt/docker.gpg] https://docker.test bookworm stable\n");
        write("sources.list.d/tool.list", "deb [signed-by=/etc/apt/tool.gpg] https://tool.test bookworm main\n");
        write("sources.list.d/debian.list", "deb http://mirror.test/debian bookworm main\n");
        write("sources.list.d/off.list.disabled", "deb http://off.test/debian bookworm main\n");
        String text = DebianRelease.of(apt, osRelease).sourcesText();
        assertTrue(text.contains("mirror.test"), text);
        assertEquals(1, text.split("Types:").length - 1);
    }

    @Test
    void aMirrorThatItsOwnerSignedAnewCounts() throws IOException {
        write("sources.list", "deb [signed-by=/etc/apt/ours.gpg] http://ours.test/debian bookworm main\n");
        assertTrue(DebianRelease.of(apt, osRelease).sourcesText().contains("Signed-By: /etc/apt/ours.gpg"));
    }

    @Test
    void aHostThatFollowsStableUsesStable() throws IOException {
        write("sources.list", "deb http://mirror.test/debian stable main\n");
        assertEquals("stable", DebianRelease.of(apt, osRelease).suite());
    }

    @Test
    void aHostWithoutDebianIsTold() throws IOException {
        Files.writeString(osRelease, "ID=ubuntu\nVERSION_CODENAME=noble\n");
        write("sources.list", "deb [signed-by=/u.gpg] http://mirror.test/ubuntu noble main\n");
        Problem problem = assertThrows(Problem.class, () -> DebianRelease.of(apt, osRelease));
        assertEquals(Problem.Kind.MISSING_REQUIREMENT, problem.kind());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(apt.resolve(name), text);
    }
}
