package banger.daemon.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageInventory;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteStepCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkSeedsTest {
    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670099";

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private String key = "ssh-ed25519 AAAA";
    private HostPaths paths;
    private Database database;
    private SqliteImageStore images;
    private WorkSeeds seeds;
    private Image image;

    private final Progress progress = new Progress() {
        @Override
        public void stage(String name, String text) {
            told.add(text);
        }

        @Override
        public void progress(long done, @Nullable Long total, String unit) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    @BeforeEach
    void makeAnImageWithoutASeed() throws IOException {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
        database = Database.open(folder.resolve("banger.db"));
        images = new SqliteImageStore(database);
        ImageFiles files = new ImageFiles(paths, new KernelBundles(paths, folder.resolve("agent")));
        // Which removes what no image names once one was made.
        new ImageInventory(paths, images, new SqliteStepCache(database), files, new NoVms());
        seeds = new WorkSeeds(paths, images, files, () -> key);
        Path ssh = Files.createDirectories(folder.resolve("content/root/.ssh"));
        Files.writeString(ssh.resolve("authorized_keys"), "ssh-rsa BBBB of-the-image\n");
        Files.writeString(folder.resolve("content/root/greeting"), "hello");
        Path layer = folder.resolve("layer");
        new ReadOnlyDisk("test", UUID, folder.resolve("content")).make(layer, command -> command);
        Layer published = files.publishLayer(layer, Sha256.of(layer));
        image = images.put(Image.managed(
                "base",
                List.of(published),
                "kernel",
                WorkSeed.NONE,
                GuestProfile.PLAIN,
                new Provenance("", List.of(), null)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Image current() {
        image = seeds.current(images.find(image.id()).orElseThrow(), progress);
        return image;
    }

    private String read(String file) {
        return Command.of(
                        "debugfs",
                        "-R",
                        "cat " + file,
                        paths.workSeed(image.workSeed()).toString())
                .succeed();
    }

    @Test
    void aMissingSeedIsMadeOfTheLayersHome() {
        current();
        assertEquals("hello", read("/greeting"));
        assertEquals("ssh-rsa BBBB of-the-image\nssh-ed25519 AAAA banger\n", read("/.ssh/authorized_keys"));
        assertEquals(image.seed(), images.find(image.id()).orElseThrow().seed());
        assertTrue(told.getFirst().contains("seed of image base"), told.toString());
    }

    @Test
    void aCurrentSeedIsLeftAlone() {
        String digest = current().workSeed();
        told.clear();
        assertEquals(digest, current().workSeed());
        assertEquals(List.of(), told);
    }

    @Test
    void anotherKeyTakesThePlaceOfTheOldOne() {
        Path old = paths.workSeed(current().workSeed());
        key = "ssh-ed25519 CCCC";
        told.clear();
        current();
        assertEquals("ssh-rsa BBBB of-the-image\nssh-ed25519 CCCC banger\n", read("/.ssh/authorized_keys"));
        assertEquals("hello", read("/greeting"));
        assertFalse(Files.exists(old));
        assertEquals(1, told.size(), told.toString());
    }

    @Test
    void aSeedThatCannotBeRecordedLeavesNoFile() {
        Image known = current();
        images.delete(known.id());
        key = "ssh-ed25519 CCCC";
        assertThrows(Problem.class, () -> seeds.current(known, progress));
        assertEquals(List.of(), List.of(paths.workSeed("").getParent().toFile().list()));
    }

    @Test
    void aRecordedImageWhoseSeedCannotBeMadeIsLeftToItsFirstVm() throws IOException {
        Path layer = paths.layer(image.layers().getFirst().digest());
        Path aside = Files.move(layer, folder.resolve("aside"));
        assertEquals(image, seeds.ofRecorded(image, progress));
        assertTrue(told.getLast().startsWith("the first vm of image base makes its work seed: "), told.toString());
        Files.move(aside, layer);
        current();
        assertEquals("hello", read("/greeting"));
    }

    @Test
    void aSeedFromBeforeFingerprintsHeals() {
        String digest = current().workSeed();
        images.update(image.id(), now -> now.withSeed(new WorkSeed(digest, "")));
        current();
        assertNotEquals("", image.seed().fingerprint());
        assertEquals(digest, image.workSeed());
    }

    @Test
    void aSeedWhoseFileIsGoneIsMadeAgain() throws IOException {
        Files.delete(paths.workSeed(current().workSeed()));
        current();
        assertEquals("hello", read("/greeting"));
    }

    private record NoVms() implements ImageInventory.Vms {
        @Override
        public boolean anyUnrecorded() {
            return false;
        }

        @Override
        public Set<String> chosenKernels() {
            return Set.of();
        }
    }
}
