package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.image.Image;
import banger.daemon.image.UserFiles;
import banger.daemon.image.WorkSeed;
import banger.daemon.problem.Problem;
import banger.daemon.problem.Problem.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteImageStoreTest {
    @TempDir
    Path folder;

    private Database database;
    private SqliteImageStore store;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("banger.db"));
        store = new SqliteImageStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsPutIsFoundWholeAfterReopening() {
        Image image = Samples.image("debian");
        assertEquals(image, store.put(image));
        database.close();
        open();
        assertEquals(Optional.of(image), store.find(image.id()));
        assertEquals(Optional.of(image), store.findByName("debian"));
        assertEquals(image, store.resolve("deb"));
        assertEquals(List.of(image), store.list());
    }

    @Test
    void aSecondOneOfTheNameTakesThePlaceOfAnUnusedFirst() {
        store.put(Samples.image("debian"));
        Image again = store.put(Samples.image("debian"));
        assertEquals(List.of(again), store.list());
    }

    @Test
    void aSecondOneOfTheNameLeavesVmsTheImageThatTheyStandOn() {
        Image first = store.put(Samples.image("debian"));
        new SqliteVmStore(database).insert(Samples.vm("one", first));
        Image again = store.put(Samples.image("debian"));
        Image kept = store.find(first.id()).orElseThrow();
        assertEquals("debian-" + first.id().toString().substring(0, 8), kept.name());
        assertEquals(first.layers(), kept.layers());
        assertEquals(Optional.of(again), store.findByName("debian"));
    }

    @Test
    void anImageThatVmsUseIsKept() {
        Image image = store.put(Samples.image("debian"));
        new SqliteVmStore(database).insert(Samples.vm("beta", image));
        Problem problem = assertThrows(Problem.class, () -> store.delete(image.id()));
        assertEquals(Kind.WRONG_STATE, problem.kind());
        assertTrue(problem.getMessage().contains("beta"), problem.getMessage());
        assertEquals(List.of(image), store.list());
    }

    @Test
    void deletingTwiceIsNoError() {
        Image image = store.put(Samples.image("debian"));
        store.delete(image.id());
        store.delete(image.id());
        assertEquals(List.of(), store.list());
    }

    @Test
    void anUnreadableRowIsBrokenAndTheOthersAreListed() {
        Image good = store.put(Samples.image("good"));
        store.put(Samples.image("bad"));
        Sql.run(database.file(), "UPDATE images SET layers_json = '{\"layers\":[' WHERE name = 'bad'");
        List<Image> listed = store.list();
        assertTrue(String.valueOf(listed.getFirst().broken()).startsWith("its record cannot be read"));
        assertEquals(good, listed.get(1));
    }

    @Test
    void anUnmanagedImageKeepsItsPathsAndLosesThemWhenItIsPromoted() {
        Image sample = Samples.image("mine");
        UserFiles files = new UserFiles(
                Path.of("/u/root.ext4"), Path.of("/u/vmlinux"), Path.of("/u/initrd"), null, Path.of("/u/seed.ext4"));
        Image unmanaged = new Image(
                sample.id(),
                "mine",
                List.of(),
                "",
                WorkSeed.NONE,
                sample.profile(),
                sample.provenance(),
                files,
                null,
                sample.createdAt());
        assertEquals(unmanaged, store.put(unmanaged));
        Image promoted = unmanaged.promoted(sample.layers(), sample.kernel(), sample.seed(), sample.provenance());
        assertEquals(promoted, store.update(unmanaged.id(), now -> promoted));
        assertEquals(List.of(promoted), store.list());
    }

    @Test
    void anUpdateBeginsWithTheRecordAsItIsNow() {
        Image image = store.put(Samples.image("debian"));
        store.update(image.id(), now -> now.withSeed(new WorkSeed("ab", "cd")));
        Image both = store.update(image.id(), now -> now.withKernel("debian-6.2"));
        assertEquals(new WorkSeed("ab", "cd"), both.seed());
        assertEquals("debian-6.2", both.kernel());
        assertThrows(
                IllegalStateException.class,
                () -> store.update(image.id(), now -> {
                    throw new IllegalStateException("refused");
                }));
        assertEquals(List.of(both), store.list());
    }

    @Test
    void anAdditionLeavesAnImageOfTheNameAlone() {
        Image image = store.add(Samples.image("debian"));
        Problem problem = assertThrows(Problem.class, () -> store.add(Samples.image("debian")));
        assertEquals(Kind.ALREADY_EXISTS, problem.kind());
        assertEquals(List.of(image), store.list());
    }

    @Test
    void anUpdateOfWhatIsNotThereIsRefused() {
        Problem problem = assertThrows(
                Problem.class, () -> store.update(Samples.image("ghost").id(), now -> now));
        assertEquals(Kind.NOT_FOUND, problem.kind());
        assertEquals(List.of(), store.list());
    }
}
