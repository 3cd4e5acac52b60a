package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.os.FreePort;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published ports of suspended VMs: who connects wakes the VM, and whose connection stands keeps it awake. */
class WakingPortsTest {
    private static final VmRef ONE = new VmRef("one");
    private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path folder;

    private TestDaemon daemon;
    private int port;

    @BeforeEach
    void aVmServes() throws IOException {
        port = FreePort.check("127.0.0.1", 0);
        daemon = new TestDaemon(folder);
        daemon.driver.onStart = this::serve;
        var ports = List.of(new Publish("127.0.0.1", port, 80));
        daemon.client.done(
                Methods.VM_CREATE, new CreateVm("one", null, null, null, null, null, ports, null, null, null));
        daemon.machine("one").memory = "unsaved work";
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    /** What the guest answers there is what it has in its memory; the port is taken as long as it lives. */
    private void serve(FakeGuest guest) {
        try {
            var server = new ServerSocket(port, 10, HOST);
            guest.exited().thenRun(() -> close(server));
            Thread.ofVirtual().name("served").start(() -> answer(guest, server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(FakeGuest guest, ServerSocket server) {
        try {
            while (true) {
                Socket client = server.accept();
                byte[] asked = client.getInputStream().readNBytes(1);
                client.getOutputStream().write((guest.memory + new String(asked)).getBytes());
                client.shutdownOutput();
            }
        } catch (IOException e) {
            close(server);
        }
    }

    private static void close(ServerSocket server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String asked() throws IOException {
        try (var client = new Socket(HOST, port)) {
            client.getOutputStream().write('!');
            return new String(client.getInputStream().readAllBytes());
        }
    }

    private void awaitSuspension() throws InterruptedException {
        while (!daemon.show("one").state().equals("suspended")) {
            Thread.sleep(10);
        }
    }

    @Test
    void aConnectionResumesTheVmAndReachesIt() throws IOException {
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        assertEquals(List.of("one suspended"), daemon.states());
        assertEquals("unsaved work!", asked());
        assertEquals(List.of("one running"), daemon.states());
        assertEquals("unsaved work!", asked());
    }

    @Test
    void aVmThatIsSuspendedNoMoreLeavesItsPortFree() throws IOException {
        daemon.client.done(Methods.VM_SUSPEND, ONE);
        daemon.client.done(Methods.VM_KILL, ONE);
        new ServerSocket(port, 1, HOST).close();
        daemon.client.done(Methods.VM_DELETE, ONE);
        new ServerSocket(port, 1, HOST).close();
    }

    @Test
    void anIdleVmIsSuspendedWhenTheLastConnectionToItHasEnded() throws Exception {
        try (var idle = daemon.suspendIdle(Duration.ofSeconds(1))) {
            try (var client = new Socket(HOST, port)) {
                Thread.sleep(3000);
                assertEquals(List.of("one running"), daemon.states());
            }
            awaitSuspension();
        }
        assertEquals("unsaved work!", asked());
    }
}
