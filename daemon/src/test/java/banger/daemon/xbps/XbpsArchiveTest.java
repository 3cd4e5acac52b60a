package banger.daemon.xbps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XbpsArchiveTest {
    private static final Map<String, byte[]> FILES = Map.of("boot/vmlinuz-1", new byte[] {1, 2, 3});

    @TempDir
    Path folder;

    @Test
    void itTellsWhatItIsAndWhatItNeeds() throws IOException {
        Path xbps = XbpsFile.write(folder.resolve("a.xbps"), "linux6.6", "6.6.1_1", List.of("linux-base>=1"), FILES);
        assertEquals(
                new XbpsArchive.Properties("linux6.6", "6.6.1_1", "x86_64", List.of("linux-base>=1")),
                new XbpsArchive(xbps).properties());
    }

    @Test
    void itsOwnListsAreNoFilesOfThePackage() throws IOException {
        XbpsArchive archive = new XbpsArchive(XbpsFile.write(folder.resolve("a.xbps"), "a", "1_1", List.of(), FILES));
        List<String> names = new ArrayList<>();
        archive.forEachFile((name, content) -> names.add(name));
        assertEquals(List.of("boot/vmlinuz-1"), names);
        assertEquals(
                Map.of("boot/vmlinuz-1", "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"),
                archive.digests());
    }

    @Test
    void somethingElseIsToldApart() throws IOException {
        Path text = Files.writeString(folder.resolve("a.xbps"), "not an archive at all");
        refused(text, "is not a usable xbps package");
    }

    @Test
    void aPackageCutShortIsRefused() throws IOException {
        Path xbps = XbpsFile.write(folder.resolve("a.xbps"), "a", "1_1", List.of(), FILES);
        byte[] whole = Files.readAllBytes(xbps);
        Files.write(xbps, Arrays.copyOf(whole, 60));
        refused(xbps, "is not a usable xbps package");
    }

    @Test
    void aListThatIsNoPropertyListIsRefused() throws IOException {
        refused(XbpsFile.write(folder.resolve("a.xbps"), "{}", "{}", FILES), "its props.plist cannot be read");
        refused(
                XbpsFile.write(folder.resolve("b.xbps"), "<plist><dict><key>pkgname</key></dict></plist>", "", FILES),
                "its props.plist cannot be read");
        refused(
                XbpsFile.write(folder.resolve("c.xbps"), "<plist><dict/></plist>", "", FILES),
                "its props.plist names no pkgname");
        refused(XbpsFile.write(folder.resolve("d.xbps"), "<array>".repeat(500), "", FILES), "cannot be read");
    }

    @Test
    void entitiesAreNotFollowed() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        String props = "<!DOCTYPE plist [<!ENTITY leak SYSTEM \"" + secret.toUri() + "\">]>"
                + XbpsFile.props("&leak;", "1_1", List.of()).replaceFirst("(?s)^.*?<plist", "<plist");
        refused(XbpsFile.write(folder.resolve("a.xbps"), props, "", FILES), "props.plist");
    }

    private static void refused(Path xbps, String expected) {
        Problem problem = assertThrows(Problem.class, () -> new XbpsArchive(xbps).properties());
        assertTrue(problem.getMessage().contains(expected), problem.getMessage());
    }
}
