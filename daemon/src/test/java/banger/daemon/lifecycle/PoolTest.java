package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.vm.Vm;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm pool: who gets its VMs, when it is filled and emptied, and what a crash leaves of it. */
class PoolTest {
    private static final int EXEC = 1;
    private static final int HOLD = 12;
    private static final int ADOPT = 14;
    private static final long GIB = 1L << 30;
    private static final long PLENTY = 64 * GIB;

    @TempDir
    Path folder;

    private TestDaemon daemon;
    private OneTemplate template;

    @BeforeEach
    void twoAreReady() throws Exception {
        template = new OneTemplate(folder.resolve("template"));
        daemon = new TestDaemon(folder);
        daemon.templates = template;
        poolOf(2);
    }

    @AfterEach
    void end() {
        daemon.pool.close();
        daemon.close();
    }

    private void poolOf(int size) throws InterruptedException {
        daemon.poolSize = size;
        daemon.restart();
        filled(size);
    }

    private List<Vm> filled(int size) throws InterruptedException {
        while (daemon.pool.ready().size() != size) {
            Thread.sleep(5);
        }
        return daemon.pool.ready();
    }

    private void crash() {
        daemon.poolSize = 0;
        daemon.restart();
    }

    /** What was taken out of the pool is ended a moment later. */
    private void awaitNothingOfThePool() throws Exception {
        while (!daemon.vms.pooled().isEmpty()) {
            Thread.sleep(5);
        }
        assertNothingOfThePoolIsLeft();
    }

    private void assertNothingOfThePoolIsLeft() throws IOException {
        assertEquals(List.of(), daemon.pool.ready());
        assertEquals(List.of(), daemon.vms.pooled());
        assertEquals(List.of(), daemon.driver.alive());
        assertEquals(List.of(), daemon.folders());
    }

    @Test
    void aCreateMakesOneOfThePoolItsOwn() throws Exception {
        List<Vm> ready = daemon.pool.ready();
        assertEquals(2, ready.size());
        var view = daemon.create("one");
        assertEquals(List.of("one running"), daemon.states());
        Vm taken = ready.stream()
                .filter(vm -> vm.id().toString().equals(view.id()))
                .findFirst()
                .orElseThrow();
        assertEquals("frozen ram", daemon.machine("one").memory);
        assertEquals(List.of(ADOPT, EXEC, HOLD, ADOPT), List.copyOf(daemon.machine("one").agent.asked));
        assertTrue(daemon.row("one").createdAt().isAfter(taken.createdAt()));
        assertEquals(taken.machineId(), daemon.row("one").machineId(), "it has it already");
        daemon.stop("one", 60);
        assertEquals(List.of("one stopped"), daemon.states());

        // Another takes its place.
        filled(2);
    }

    @Test
    void nobodySeesOrMeansAPooledVm() {
        assertEquals(List.of(), daemon.states());
        Vm pooled = daemon.pool.ready().getFirst();
        for (String reference : List.of(pooled.name(), "pool", pooled.id().toString())) {
            assertThrows(Client.Refused.class, () -> daemon.show(reference));
            assertThrows(Client.Refused.class, () -> daemon.client.call(Methods.VM_DELETE, new VmRef(reference)));
        }
    }

    @Test
    void aVmOfAnotherShapeOrWithPortsOrColdIsMadeInTheUsualWay() {
        var ports = List.of(new Publish("127.0.0.1", 8080, 80));
        daemon.client.done(
                Methods.VM_CREATE, new CreateVm("ports", null, null, null, null, null, ports, null, null, null));
        daemon.client.done(
                Methods.VM_CREATE, new CreateVm("large", null, 2, null, null, null, List.of(), null, null, null));
        daemon.client.done(
                Methods.VM_CREATE, new CreateVm("cold", null, null, null, null, null, List.of(), true, null, null));
        assertEquals(5, daemon.driver.started());
        assertEquals(2, daemon.pool.ready().size());
    }

    @Test
    void aPooledVmThatDoesNotTakeItsIdentityCostsACreateNothingButTime() throws Exception {
        poolOf(1);
        Vm first = daemon.pool.ready().getFirst();
        daemon.driver.of(first.id()).agent.refused.add(ADOPT);
        assertNotEquals(first.id().toString(), daemon.create("one").id());
        assertEquals(List.of("one running"), daemon.states());
        assertFalse(daemon.driver.of(first.id()).isAlive());
        assertFalse(daemon.folders().contains(daemon.paths.vm(first.id().toString())));
    }

    @Test
    void oneThatHasEndedIsReplaced() throws Exception {
        Vm first = daemon.pool.ready().getFirst();
        daemon.driver.of(first.id()).end();
        assertNotEquals(first.id().toString(), daemon.create("one").id());
        while (daemon.driver.alive().size() != 3) {
            Thread.sleep(5);
        }
        assertEquals(2, filled(2).size());
    }

    @Test
    void itIsGivenBackWhereTheHostRunsShortOfMemoryAndFilledWhereItHasSome() throws Exception {
        daemon.availableBytes = GIB / 4;
        filled(0);
        awaitNothingOfThePool();
        daemon.availableBytes = PLENTY;
        filled(2);
    }

    @Test
    void itEndsWithItsTemplate() throws Exception {
        template.lose();
        filled(0);
        awaitNothingOfThePool();
        daemon.create("one");
        assertEquals("booted", daemon.machine("one").memory);
    }

    @Test
    void itEndsWithTheDaemon() throws IOException {
        daemon.pool.close();
        assertNothingOfThePoolIsLeft();
    }

    @Test
    void aCrashLeavesNothingOfIt() throws IOException {
        crash();
        assertNothingOfThePoolIsLeft();
    }

    @Test
    void aCrashWhileOneIsAdoptedLeavesNeitherTheOldNorTheNew() throws Exception {
        poolOf(1);
        FakeGuest guest = daemon.driver.of(daemon.pool.ready().getFirst().id());
        guest.agent.asked.clear();
        guest.agent.ignored.add(ADOPT);
        daemon.client.call(Methods.VM_CREATE, TestDaemon.request("one"));
        while (!guest.agent.asked.contains(ADOPT)) {
            Thread.sleep(5);
        }
        assertEquals(List.of("one creating"), daemon.states());
        crash();
        assertEquals(List.of(), daemon.states());
        assertNothingOfThePoolIsLeft();
    }
}
