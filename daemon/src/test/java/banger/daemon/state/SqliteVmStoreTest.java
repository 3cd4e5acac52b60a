package banger.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.image.Image;
import banger.daemon.problem.Problem;
import banger.daemon.problem.Problem.Kind;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteVmStoreTest {
    private static final Runtime PROCESS = new Runtime(
            "qemu",
            4711,
            99_000_000_000L,
            "0b0f8c1e-boot",
            Instant.parse("2026-03-01T12:30:00Z"),
            List.of(new PublishedPort("127.0.0.1", 40_001, 80)));

    @TempDir
    Path folder;

    private Database database;
    private SqliteVmStore store;
    private Image image;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("banger.db"));
        store = new SqliteVmStore(database);
        image = new SqliteImageStore(database).put(Samples.image("debian"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsInsertedIsFoundWholeAfterReopening() {
        Vm vm = Samples.vm("beta", image).withRuntime(VmState.RUNNING, PROCESS).withWorkspace("{\"repo\":\"/a\"}");
        store.insert(vm);
        database.close();
        open();
        assertEquals(Optional.of(vm), store.find(vm.id()));
        assertEquals(Optional.of(vm), store.findByName("beta"));
        assertEquals(List.of(vm), store.list());
    }

    @Test
    void everyStateSurvives() {
        for (VmState state : VmState.values()) {
            Vm vm = Samples.vm("vm-" + state.ordinal(), image).withState(state);
            store.insert(vm);
            assertEquals(state, store.find(vm.id()).orElseThrow().state());
        }
    }

    @Test
    void anUpdateReplacesTheRecord() {
        Vm vm = Samples.vm("beta", image);
        store.insert(vm);
        Vm running = vm.withRuntime(VmState.RUNNING, PROCESS);
        store.update(running);
        assertEquals(running, store.find(vm.id()).orElseThrow());
        Vm broken = running.brokenBy("its root disk is gone");
        store.update(broken);
        assertEquals(broken, store.find(vm.id()).orElseThrow());
    }

    @Test
    void anUpdateOfWhatIsNotThereIsRefused() {
        Problem problem = assertThrows(Problem.class, () -> store.update(Samples.vm("ghost", image)));
        assertEquals(Kind.NOT_FOUND, problem.kind());
        assertEquals(List.of(), store.list());
    }

    @Test
    void aTakenNameIsRefused() {
        store.insert(Samples.vm("beta", image));
        Problem problem = assertThrows(Problem.class, () -> store.insert(Samples.vm("beta", image)));
        assertEquals(Kind.ALREADY_EXISTS, problem.kind());
        assertTrue(problem.getMessage().contains("\"beta\""), problem.getMessage());
        assertEquals(1, store.list().size());
    }

    @Test
    void ofManyThatWantOneNameAtOnceOneGetsIt() {
        AtomicInteger refused = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                threads.submit(() -> {
                    try {
                        store.insert(Samples.vm("beta", image));
                    } catch (Problem e) {
                        refused.incrementAndGet();
                    }
                });
            }
        }
        assertEquals(9, refused.get());
        assertEquals(1, store.list().size());
    }

    @Test
    void anImageThatIsGoneIsRefused() {
        Problem problem = assertThrows(Problem.class, () -> store.insert(Samples.vm("beta", Samples.image("other"))));
        assertEquals(Kind.NOT_FOUND, problem.kind());
    }

    @Test
    void deletingTwiceIsNoError() {
        Vm vm = Samples.vm("beta", image);
        store.insert(vm);
        store.delete(vm.id());
        store.delete(vm.id());
        assertEquals(Optional.empty(), store.find(vm.id()));
    }

    @Test
    void theListIsByName() {
        for (String name : List.of("carol", "alice", "bob")) {
            store.insert(Samples.vm(name, image));
        }
        assertEquals(
                List.of("alice", "bob", "carol"),
                store.list().stream().map(Vm::name).toList());
    }

    @Test
    void anUnreadableRowIsBrokenAndTheOthersAreListed() {
        Vm good = Samples.vm("good", image);
        Vm bad = Samples.vm("bad", image);
        store.insert(good);
        store.insert(bad);
        for (String damage : List.of(
                "spec_json = '{\"vcpus\":'",
                "spec_json = '{\"vcpus\":1,\"network\":\"warp\",\"publish\":[]}'",
                "spec_json = '[]'",
                "state = 'dreaming'",
                "runtime_json = '{\"pid\":\"x\"}'")) {
            store.delete(bad.id());
            store.insert(bad);
            Sql.run(database.file(), "UPDATE vms SET " + damage + " WHERE name = 'bad'");
            List<Vm> listed = store.list();
            assertEquals(VmState.BROKEN, listed.getFirst().state(), damage);
            assertTrue(String.valueOf(listed.getFirst().broken()).startsWith("its record cannot be read"), damage);
            assertEquals(good, listed.get(1));
            store.update(listed.getFirst().brokenBy("seen"));
            assertEquals(VmState.BROKEN, store.find(bad.id()).orElseThrow().state(), damage);
        }
    }

    @Test
    void aPrefixFindsTheOnlyOneThatFits() {
        Vm beta = Samples.vm("beta-sandbox", image);
        store.insert(beta);
        store.insert(Samples.vm("gamma", image));
        assertEquals(beta, store.resolve("beta"));
        assertEquals(beta, store.resolve(beta.id().toString().substring(0, 13)));
        assertEquals(beta, store.resolve(beta.id().toString()));
    }

    @Test
    void wildcardsOfSqlAreLettersLikeAnyOther() {
        store.insert(Samples.vm("beta", image));
        for (String wild : List.of("%", "_", "b%", "b_ta", "be*", "?eta", "' OR 1=1 --")) {
            Problem problem = assertThrows(Problem.class, () -> store.resolve(wild));
            assertEquals(Kind.NOT_FOUND, problem.kind(), wild);
        }
    }

    @Test
    void resolvingSaysNotFoundForAnUnknownId() {
        UUID unknown = UUID.randomUUID();
        assertEquals(
                Kind.NOT_FOUND,
                assertThrows(Problem.class, () -> store.resolve(unknown.toString()))
                        .kind());
        assertEquals(Optional.empty(), store.find(unknown));
    }
}
