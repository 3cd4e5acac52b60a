package banger.daemon.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.LayerWriter;
import banger.daemon.ext4.Tree;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image has the certificates that it brought or was given by its steps, and none of the host. */
class HostCertificatesTest {
    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670077";
    private static final String BUNDLE = "etc/ssl/certs/ca-certificates.crt";
    private static final String SOURCE = "usr/local/share/ca-certificates/banger-host.crt";
    private static final String HOST =
            "-----BEGIN CERTIFICATE-----\nproxy\n-----END CERTIFICATE-----\n".repeat(2) + "\n";
    private static final String OWN = "-----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----\n";
    private static final String STEPS = "-----BEGIN CERTIFICATE-----\nmine\n-----END CERTIFICATE-----\n";

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void giveTheHosts() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        write(SOURCE, HOST);
    }

    @Test
    void theHostsBundleGoesAndTheImagesShowsAgain() throws IOException {
        write(BUNDLE, HOST);
        try (Ext4Volume volume = volume()) {
            Entry upper = cleaned(volume);
            assertNull(upper.at(BUNDLE));
            assertNull(upper.at(SOURCE));
        }
    }

    @Test
    void aBundleThatAStepHasMadeAnewKeepsAllButTheHosts() throws IOException {
        write(BUNDLE, OWN + HOST.strip() + "\n" + STEPS);
        try (Ext4Volume volume = volume()) {
            Entry upper = cleaned(volume);
            Path layer = folder.resolve("layer.ext4");
            LayerWriter.layer(upper, layer, "test", UUID, folder, Progress.NONE);
            assertEquals(
                    OWN + STEPS,
                    Command.of("debugfs", "-R", "cat " + BUNDLE, layer.toString())
                            .succeed());
        }
    }

    @Test
    void linksToTheHostsFileGoWithIt() throws IOException {
        Path certs = Files.createDirectories(root.resolve("etc/ssl/certs"));
        Files.createSymbolicLink(certs.resolve("banger-host.pem"), Path.of("/" + SOURCE));
        Files.createSymbolicLink(certs.resolve("0a1b2c3d.0"), Path.of("banger-host.pem"));
        Files.createSymbolicLink(certs.resolve("mine.pem"), Path.of("/usr/local/share/ca-certificates/mine.crt"));
        try (Ext4Volume volume = volume()) {
            Entry upper = cleaned(volume);
            assertNull(upper.at("etc/ssl/certs/banger-host.pem"));
            assertNull(upper.at("etc/ssl/certs/0a1b2c3d.0"));
            assertNotNull(upper.at("etc/ssl/certs/mine.pem"));
        }
    }

    @Test
    void aBundleWithoutTheHostsIsTheImages() throws IOException {
        write(BUNDLE, OWN);
        try (Ext4Volume volume = volume()) {
            Entry bundle = cleaned(volume).at(BUNDLE);
            assertNotNull(bundle);
            assertEquals(OWN, new String(Tree.content(bundle, 1 << 20), java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    private static Entry cleaned(Ext4Volume volume) throws IOException {
        Entry upper = Tree.read(volume);
        HostCertificates.remove(upper);
        return upper;
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Ext4Volume volume() throws IOException {
        Path disk = folder.resolve("disk.ext4");
        new ReadOnlyDisk("test", UUID, root).make(disk, command -> command);
        return Ext4Volume.open(disk);
    }
}
