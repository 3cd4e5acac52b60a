package banger.daemon.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
    @TempDir
    Path folder;

    private HostPaths paths;
    private ImageFiles files;
    private Image image;

    @BeforeEach
    void publish() throws IOException {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
        files = new ImageFiles(paths, new KernelBundles(paths, folder.resolve("agent")));
        Path layerFile = Files.writeString(folder.resolve("layer"), "a layer");
        Path seedFile = Files.writeString(folder.resolve("seed"), "a seed");
        String seedDigest = SparseDigest.of(seedFile);
        Layer layer = files.publishLayer(layerFile, Sha256.of(layerFile));
        files.publishSeed(seedFile, seedDigest);
        image = image(List.of(layer), seedDigest, null);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertTrue(fault().contains("its kernel debian-6.1 is unusable"), fault());
        Files.delete(paths.layer(image.layers().getFirst().digest()));
        assertTrue(fault().contains("its layer") && fault().endsWith("is missing"), fault());
    }

    @Test
    void aWholeImageHasNoFaultUntilItsBytesChange() throws IOException {
        Path kernel = Files.createDirectories(paths.kernels().resolve("debian-6.1"));
        for (String name : new String[] {"vmlinux", "modules.cpio", "modules.ext4"}) {
            Files.writeString(kernel.resolve(name), "x");
        }
        Files.writeString(
                kernel.resolve("kernel.properties"),
                "version=6.1\npackageVersion=1\nsize.vmlinux=1\nsize.modules.cpio=1\nsize.modules.ext4=1\n");
        assertTrue(
                files.verifyContent(image).isEmpty(), files.verifyContent(image).toString());

        Path layer = paths.layer(image.layers().getFirst().digest());
        layer.toFile().setWritable(true);
        Files.writeString(layer, "a lAyer");
        assertTrue(files.verify(image).isEmpty());
        assertTrue(files.verifyContent(image).orElseThrow().endsWith("is damaged"));
        Files.writeString(layer, "short");
        assertTrue(fault().endsWith("has 5 bytes, expected 7"), fault());
    }

    @Test
    void tooManyLayersAreAFault() {
        Layer layer = image.layers().getFirst();
        image = image(java.util.Collections.nCopies(9, layer), image.workSeed(), null);
        assertEquals("it has 9 layers, expected 1 to 8", fault());
    }

    @Test
    void theSameLayerTwiceIsKeptOnce() throws IOException {
        Layer layer = image.layers().getFirst();
        Path again = Files.writeString(folder.resolve("again"), "a layer");
        assertEquals(layer, files.publishLayer(again, layer.digest()));
        assertFalse(Files.exists(again));
    }

    @Test
    void aDamagedLayerIsHealedByTheSameOne() throws IOException {
        Layer layer = image.layers().getFirst();
        Path place = paths.layer(layer.digest());
        place.toFile().setWritable(true);
        Files.writeString(place, "cut");
        files.publishLayer(Files.writeString(folder.resolve("again"), "a layer"), layer.digest());
        assertTrue(files.hasLayer(layer));
        assertEquals("a layer", Files.readString(place));
    }

    private String fault() {
        return files.verify(image).orElse("none");
    }

    private static Image image(List<Layer> layers, String seed, @Nullable String broken) {
        return new Image(
                UUID.randomUUID(),
                "debian",
                layers,
                "debian-6.1",
                new WorkSeed(seed, ""),
                GuestProfile.PLAIN,
                new Provenance("test", List.of(), null),
                null,
                broken,
                Instant.EPOCH);
    }
}
