package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationView;
import banger.wire.rpc.VmMessages.SetVm;
import banger.wire.rpc.VmMessages.VmRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that are to start with the host do so once after each of its boots, and at no other time. */
class AutostartTest {
    @TempDir
    Path folder;

    private TestDaemon daemon;

    @BeforeEach
    void oneStartsWithTheHostAndTheOtherDoesNot() {
        daemon = new TestDaemon(folder);
        daemon.create("always");
        daemon.create("other");
        set("always", true);
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    private void set(String vm, boolean autostart) {
        daemon.client.call(Methods.VM_SET, new SetVm(vm, null, autostart, null));
    }

    private OperationView autostart() {
        while (true) {
            Optional<OperationView> ended = operations("vm.autostart")
                    .filter(each -> !each.state().equals("running"))
                    .findFirst();
            if (ended.isPresent()) {
                return ended.get();
            }
            Thread.onSpinWait();
        }
    }

    private Stream<OperationView> operations(String kind) {
        return daemon.client.call(Methods.OPERATION_LIST, new Nothing()).operations().stream()
                .filter(each -> each.kind().equals(kind));
    }

    private void awaitAutostart() {
        assertEquals("vm.autostart done", autostart().kind() + " " + autostart().state());
    }

    @Test
    void afterARebootItRunsAndTheOthersAreStopped() {
        daemon.reboot();
        awaitAutostart();
        assertEquals(List.of("always running", "other stopped"), daemon.states());
    }

    @Test
    void oneThatWasStoppedBeforeTheRebootRunsToo() {
        daemon.stop("always", 0);
        daemon.reboot();
        awaitAutostart();
        assertEquals("running", daemon.show("always").state());
    }

    @Test
    void aSuspendedOneGoesOn() {
        daemon.client.done(Methods.VM_SUSPEND, new VmRef("always"));
        daemon.reboot();
        awaitAutostart();
        assertEquals("running", daemon.show("always").state());
    }

    @Test
    void anotherDaemonOnTheSameBootStartsNothing() {
        daemon.reboot();
        awaitAutostart();
        daemon.stop("always", 0);
        daemon.restart();
        assertEquals(
                List.of(),
                daemon.client.call(Methods.OPERATION_LIST, new Nothing()).operations());
        assertEquals("stopped", daemon.show("always").state());
    }

    @Test
    void whatCannotStartKeepsTheOthersFromNothing() {
        daemon.create("zebra");
        set("zebra", true);
        daemon.client.done(Methods.VM_SUSPEND, new VmRef("always"));
        daemon.driver.fingerprint = "another host";
        daemon.reboot();
        OperationView ended = autostart();
        assertEquals("failed", ended.state());
        assertTrue(ended.error().message().endsWith("did not start: always"), ended.error()::message);
        assertEquals(List.of("always suspended", "other stopped", "zebra running"), daemon.states());
        assertEquals(
                List.of("always failed", "zebra done"),
                operations("vm.start")
                        .map(each -> each.subject() + " " + each.state())
                        .toList());
    }

    @Test
    void aDaemonThatEndsMeanwhileLeavesTheRestToTheNext() throws InterruptedException {
        daemon.create("zebra");
        set("zebra", true);
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        daemon.driver.onStart = guest -> {
            begun.countDown();
            awaited(goOn);
        };
        daemon.reboot();
        begun.await();
        daemon.driver.onStart = guest -> {};
        daemon.close();
        goOn.countDown();
        daemon.restart();
        awaitAutostart();
        assertEquals(List.of("always running", "other stopped", "zebra running"), daemon.states());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void switchedOffItStaysStopped() {
        set("always", false);
        assertFalse(daemon.show("always").autostart());
        daemon.reboot();
        assertEquals(List.of("always stopped", "other stopped"), daemon.states());
    }

    @Test
    void theKernelIsLeftAsItIs() {
        daemon.client.call(Methods.VM_SET, new SetVm("always", "k1", null, null));
        assertTrue(daemon.show("always").autostart());
        set("always", false);
        assertEquals("k1", daemon.show("always").kernel());
    }
}
