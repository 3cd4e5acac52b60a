package banger.daemon.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import banger.daemon.disk.Ext4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledPackagesTest {
    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-000000000010";

    @TempDir
    Path folder;

    @Test
    void whatDpkgHasInstalledCountsAndWhatItOnlyRemembersDoesNot() {
        assertEquals(List.of("jq 1.6-2 amd64"), InstalledPackages.ofDpkg("""
                Package: jq
                Status: install ok installed
                Architecture: amd64
                Version: 1.6-2

                Package: gone
                Status: deinstall ok config-files
                Architecture: amd64
                Version: 1
                """));
    }

    @Test
    void theListsOfApkAndXbpsAreRead() {
        assertEquals(
                List.of("musl 1.2.5-r0 x86_64", "zlib 1.3-r2 x86_64"),
                InstalledPackages.ofApk("C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:zlib\nV:1.3-r2\nA:x86_64\n"));
        assertEquals(
                List.of("jq-1.7_1"),
                InstalledPackages.ofXbps("<dict><key>pkgver</key>\n  <string>jq-1.7_1</string></dict>"));
    }

    @Test
    void theUppermostLayerThatHasTheRecordsTells() throws IOException {
        Path base = layer("base", "var/lib/dpkg/status", dpkg("a"));
        Path more = layer("more", "var/lib/dpkg/status", dpkg("a") + "\n" + dpkg("b"));
        Path other = layer("other", "etc/hosts", "x");
        assertEquals(1, InstalledPackages.of(List.of(base, other)).count());
        assertEquals(2, InstalledPackages.of(List.of(base, more, other)).count());
        assertNotEquals(
                InstalledPackages.of(List.of(base)).digest(),
                InstalledPackages.of(List.of(base, more)).digest());
        assertEquals(
                InstalledPackages.of(List.of(base)),
                InstalledPackages.of(List.of(layer("again", "var/lib/dpkg/status", dpkg("a")))));
    }

    @Test
    void anImageWithoutAKnownPackageManagerHasNoManifest() throws IOException {
        assertNull(InstalledPackages.of(List.of(layer("bare", "etc/hosts", "x"))));
    }

    private static String dpkg(String name) {
        return "Package: " + name + "\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";
    }

    private Path layer(String name, String file, String text) throws IOException {
        Path content = folder.resolve(name);
        Files.createDirectories(content.resolve(file).getParent());
        Files.writeString(content.resolve(file), text);
        Path layer = folder.resolve(name + ".ext4");
        new Ext4("test", UUID, false, 0, 0, content).make(layer, 4L << 20, command -> command);
        return layer;
    }
}
