package banger.daemon.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.disk.Ext4;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.Tree;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.seed.WorkSeeds;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteStepCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerShopTest {
    private static final String DISK_UUID = "5d0b1f3e-8f0c-4d6e-9a57-000000000011";

    @TempDir
    Path folder;

    private HostPaths paths;
    private Database database;
    private ImageFiles files;
    private LayerShop shop;

    @BeforeEach
    void open() {
        paths = new HostPaths(
                        folder.resolve("c"),
                        folder.resolve("s"),
                        folder.resolve("d"),
                        folder.resolve("a"),
                        folder.resolve("r"))
                .prepare();
        database = Database.open(paths.database());
        var images = new SqliteImageStore(database);
        var cache = new SqliteStepCache(database);
        files = new ImageFiles(paths, new KernelBundles(paths, folder.resolve("agent")));
        shop = new LayerShop(paths, files, cache, new WorkSeeds(paths, images, files, () -> ""));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void asManyLayersAsAnImageMayHaveStayAsTheyAre() throws IOException {
        List<Layer> base = layers("base", 1);
        List<Layer> steps = layers("step", Image.MAX_LAYERS - 1);
        List<Layer> all = new ArrayList<>(base);
        all.addAll(steps);
        assertEquals(all, shop.fit(base, steps, Progress.NONE));
    }

    @Test
    void oneMoreMakesOneOfThoseOfTheSteps() throws IOException {
        List<Layer> base = layers("base", 2);
        List<Layer> steps = layers("step", Image.MAX_LAYERS - 1);
        List<Layer> fitting = shop.fit(base, steps, Progress.NONE);
        assertEquals(base, fitting.subList(0, 2));
        assertEquals(3, fitting.size());
        assertEquals(steps.size(), names(fitting.getLast()).size());
        assertEquals(fitting, shop.fit(base, steps, Progress.NONE));
    }

    @Test
    void aFullBaseKeepsItsLowestLayer() throws IOException {
        List<Layer> base = layers("base", Image.MAX_LAYERS);
        List<Layer> fitting = shop.fit(base, layers("step", 1), Progress.NONE);
        assertEquals(2, fitting.size());
        assertEquals(base.getFirst(), fitting.getFirst());
        assertEquals(Image.MAX_LAYERS, names(fitting.getLast()).size());
    }

    @Test
    void theSeedIsTheBasesUnlessAStepTouchesTheHome() throws IOException {
        Path seed = disk("seed", "from-base");
        String digest = SparseDigest.of(seed);
        files.publishSeed(seed, digest);
        Image base = Image.managed(
                "base",
                layers("base", 1),
                "kernel",
                new WorkSeed(digest, "f"),
                GuestProfile.PLAIN,
                new Provenance("test", List.of(), null));
        Layer home = shop.home(base, Progress.NONE);
        assertEquals(base.seed(), shop.seed(base, home, layers("step", 1), Progress.NONE));

        WorkSeed made = shop.seed(base, home, List.of(layer("touch", "root/from-step")), Progress.NONE);
        try (Ext4Volume volume = Ext4Volume.open(paths.workSeed(made.digest()))) {
            assertEquals(
                    List.of("from-base", "from-step"),
                    List.copyOf(Tree.read(volume).children().keySet()));
        }
    }

    @Test
    void aKeptLayerWhoseFileIsGoneIsNotFound() throws IOException {
        List<Layer> layers = layers("step", 2);
        Layer merged = shop.merged(layers, Progress.NONE);
        String key = StepKeys.ofMerged(layers);
        assertTrue(shop.find(key).isPresent());
        Files.delete(paths.layer(merged.digest()));
        assertFalse(shop.find(key).isPresent());
    }

    private List<String> names(Layer layer) throws IOException {
        try (Ext4Volume volume = Ext4Volume.open(paths.layer(layer.digest()))) {
            return List.copyOf(Tree.read(volume).children().keySet());
        }
    }

    private List<Layer> layers(String name, int count) throws IOException {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer(name + i, name + i));
        }
        return layers;
    }

    private Layer layer(String name, String file) throws IOException {
        Path disk = disk(name, file);
        return files.publishLayer(disk, Sha256.of(disk));
    }

    private Path disk(String name, String file) throws IOException {
        Path content = folder.resolve("content-" + name);
        Files.createDirectories(content.resolve(file).getParent());
        Files.writeString(content.resolve(file), name);
        Path disk = folder.resolve(name + ".ext4");
        new Ext4("test", DISK_UUID, false, 0, 0, content).make(disk, 4L << 20, command -> command);
        return disk;
    }
}
