package banger.daemon.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteStepCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageInventoryTest {
    @TempDir
    Path folder;

    private HostPaths paths;
    private Database database;
    private SqliteImageStore images;
    private SqliteStepCache steps;
    private ImageFiles files;
    private ImageInventory inventory;
    private boolean strangers;
    private Set<String> chosenKernels = Set.of();

    private final ImageInventory.Vms vms = new ImageInventory.Vms() {
        @Override
        public boolean anyUnrecorded() {
            return strangers;
        }

        @Override
        public Set<String> chosenKernels() {
            return chosenKernels;
        }
    };

    @BeforeEach
    void open() throws IOException {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
        Files.createDirectories(paths.layer("").getParent());
        Files.createDirectories(paths.workSeed("").getParent());
        database = Database.open(folder.resolve("banger.db"));
        images = new SqliteImageStore(database);
        steps = new SqliteStepCache(database);
        files = new ImageFiles(paths, new KernelBundles(paths, folder.resolve("agent")));
        inventory = new ImageInventory(paths, images, steps, files, vms);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatTwoImagesHaveIsSharedAndTheRestTheirOwn() {
        Image base = image("base", "seed1", layer("aa", 8192));
        Image child = image("child", "seed2", layer("aa", 8192), layer("bb", 4096));
        assertEquals(new ImageInventory.Size(8192, 4096), inventory.sizeOf(base));
        assertEquals(new ImageInventory.Size(8192, 8192), inventory.sizeOf(child));
    }

    @Test
    void aBaseIsDeletedAndItsChildrenLiveOn() {
        Image base = image("base", "seed1", layer("aa", 8192));
        image("child", "seed2", layer("aa", 8192), layer("bb", 4096));
        assertEquals(4096, inventory.delete(base));
        assertFalse(Files.exists(paths.workSeed("seed1")));
        assertTrue(Files.exists(paths.layer("aa")));
        assertEquals(List.of(), inventory.prunable());
    }

    @Test
    void deletingAnImageKeepsTheResultsOfItsBuildAndPruningDoesNot() {
        Image built = image("built", "seed", layer("aa", 8192));
        steps.put(new CachedStep("key", "install git", new Layer("aa", 8192), Instant.now()));
        assertEquals(4096, inventory.delete(built));
        assertTrue(Files.exists(paths.layer("aa")));
        List<UnusedFile> pruned = inventory.prune();
        assertEquals(List.of(new UnusedFile(paths.layer("aa"), "build step: install git", 8192)), pruned);
        assertFalse(Files.exists(paths.layer("aa")));
        assertTrue(steps.find("key").isEmpty());
    }

    @Test
    void pruningTakesNothingThatAnImageHas() {
        image("base", "seed", layer("aa", 8192));
        layer("0rphan", 4096);
        seed("0rphan");
        assertEquals(
                8192, inventory.prune().stream().mapToLong(UnusedFile::bytes).sum());
        assertTrue(Files.exists(paths.layer("aa")) && Files.exists(paths.workSeed("seed")));
        assertFalse(Files.exists(paths.layer("0rphan")) || Files.exists(paths.workSeed("0rphan")));
    }

    @Test
    void nothingIsPrunedWhileAnImageIsBeingMade() {
        steps.put(new CachedStep("key", "install git", layer("aa", 8192), Instant.now()));
        try (var making = files.making()) {
            Problem problem = assertThrows(Problem.class, inventory::prune);
            assertEquals(Problem.Kind.WRONG_STATE, problem.kind());
        }
        assertTrue(Files.exists(paths.layer("aa")) && steps.find("key").isPresent());
        assertEquals(1, inventory.prune().size());
    }

    @Test
    void whereVmsAreUnrecordedTheLayersOfTheirImagesAreKept() {
        layer("0rphan", 4096);
        strangers = true;
        inventory.sweep();
        assertEquals(List.of(), inventory.prune());
        assertTrue(Files.exists(paths.layer("0rphan")));
        strangers = false;
        inventory.sweep();
        assertFalse(Files.exists(paths.layer("0rphan")));
    }

    @Test
    void whatAFailureLeavesGoesWithTheLastThatMakesAnImage() {
        steps.put(new CachedStep("key", "install git", layer("aa", 8192), Instant.now()));
        try (var other = files.making()) {
            try (var failing = files.making()) {
                layer("0rphan", 4096);
                seed("0rphan");
            }
            assertTrue(Files.exists(paths.layer("0rphan")), "the other one may need it");
        }
        assertFalse(Files.exists(paths.layer("0rphan")) || Files.exists(paths.workSeed("0rphan")));
        assertTrue(Files.exists(paths.layer("aa")), "the results of steps stay");
    }

    @Test
    void whereAnImageCannotBeReadNothingIsUnused() {
        layer("0rphan", 4096);
        images.put(new Image(
                UUID.randomUUID(),
                "bad",
                List.of(),
                "",
                WorkSeed.NONE,
                GuestProfile.PLAIN,
                new Provenance("", List.of(), null),
                null,
                "its row cannot be read",
                Instant.EPOCH));
        inventory.sweep();
        assertTrue(Files.exists(paths.layer("0rphan")));
    }

    @Test
    void theBootSetOfAnImageThatIsGoneStaysWhileAVmHasChosenIt() throws IOException {
        Path set = bundle("image-1", "(of an image)");
        Path own = bundle("local-1", "6.1");
        chosenKernels = Set.of("image-1");
        inventory.delete(image("base", "seed1", layer("aa", 4096)));
        assertTrue(Files.exists(set));
        chosenKernels = Set.of();
        inventory.sweep();
        assertFalse(Files.exists(set));
        assertTrue(Files.exists(own), "a kernel that somebody imported is theirs to delete");
    }

    private Path bundle(String id, String madeFrom) throws IOException {
        Path folder = Files.createDirectories(paths.kernels().resolve(id));
        var manifest = new StringBuilder("version=6.1\npackageVersion=" + madeFrom + "\n");
        for (String file : List.of("vmlinux", "modules.cpio", "modules.ext4")) {
            Files.writeString(folder.resolve(file), "x");
            manifest.append("size.").append(file).append("=1\n");
        }
        Files.writeString(folder.resolve("kernel.properties"), manifest);
        return folder;
    }

    @Test
    void whatAPullThatWasCutOffHasLeftGoesWithAPrune() throws IOException {
        image("base", "seed", layer("aa", 8192));
        Files.createDirectories(paths.pulled());
        write(paths.pulled().resolve("cc"), 4096);
        inventory.sweep();
        assertEquals(
                List.of(paths.pulled().resolve("cc")),
                inventory.prune().stream().map(UnusedFile::file).toList());
        assertFalse(Files.exists(paths.pulled().resolve("cc")));
    }

    private Image image(String name, String seed, Layer... layers) {
        seed(seed);
        return images.put(Image.managed(
                name,
                List.of(layers),
                "kernel",
                new WorkSeed(seed, ""),
                GuestProfile.PLAIN,
                new Provenance("", List.of(), null)));
    }

    private Layer layer(String digest, int bytes) {
        write(paths.layer(digest), bytes);
        return new Layer(digest, bytes);
    }

    private void seed(String digest) {
        write(paths.workSeed(digest), 4096);
    }

    private static void write(Path file, int bytes) {
        byte[] content = new byte[bytes];
        java.util.Arrays.fill(content, (byte) 1);
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
