package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon dies in the middle of work; the next one leaves nothing half-made. */
class CrashTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
        assertEquals(List.of(), machines());
    }

    private static List<HostProcesses.Entry> machines() {
        return HostProcesses.of(HOME.folder()).stream()
                .filter(process -> process.line().contains("qemu-system"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "disks: cloning",
                "disks: cloning its disks: done",
                "start: ",
                "boot: ",
                "boot: booting the kernel: done"
            })
    void aCreationThatIsCutOffLeavesNothing(String moment) {
        long daemon = HOME.banger("daemon", "start").exits(0).exit() + HOME.daemonPid();
        try (Command client = HOME.start("vm", "create", "--name", "cut")) {
            client.awaitErr(moment);
            HostProcesses.kill(daemon);
            assertTrue(client.waitFor().exit() != 0);
        }
        assertEquals(List.of(), HOME.names());
        HOME.assertNothingLeftOver();
        assertEquals(List.of(), machines());
    }

    @Test
    void theNameOfACreationThatWasCutOffIsFree() {
        long daemon = HOME.banger("daemon", "start").exits(0).exit() + HOME.daemonPid();
        try (Command client = HOME.start("vm", "create", "--name", "again")) {
            client.awaitErr("boot: ");
            HostProcesses.kill(daemon);
        }
        assertEquals("again", HOME.create("again"));
        assertEquals("up", HOME.sh("again", "echo up"));
    }

    @Test
    void aStartThatIsCutOffLeavesTheVmStopped() {
        HOME.create("started");
        HOME.sh("started", "echo kept >/root/kept");
        HOME.banger("vm", "stop", "started").exits(0);
        long daemon = HOME.daemonPid();
        try (Command client = HOME.start("vm", "start", "started")) {
            Wait.until("a process", () -> !machines().isEmpty());
            HostProcesses.kill(daemon);
            assertTrue(client.waitFor().exit() != 0);
        }
        assertEquals("stopped", HOME.vmState("started"));
        assertEquals(List.of(), machines());
        HOME.banger("vm", "start", "started").exits(0);
        assertEquals("kept", HOME.sh("started", "cat /root/kept"));
    }

    @Test
    void aStopThatIsCutOffLeavesTheVmStopped() {
        HOME.create("stopping");
        long daemon = HOME.daemonPid();
        try (Command client = HOME.start("vm", "stop", "--grace", "60", "stopping")) {
            Wait.until(
                    "the stop to begin",
                    () -> HOME.vmState("stopping").equals("stopping")
                            || !client.process().isAlive());
            HostProcesses.kill(daemon);
            client.waitFor();
        }
        assertEquals("stopped", HOME.vmState("stopping"));
        assertEquals(List.of(), machines());
    }

    @Test
    void aDeletionThatIsCutOffIsFinished() {
        HOME.create("deleted");
        String id = HOME.show("deleted").at("id").text();
        HOME.killDaemon();
        // The moment at which the row says so and nothing else has happened yet.
        Sqlite.run(HOME.database(), "UPDATE vms SET state = 'deleting' WHERE id = '" + id + "'");
        assertEquals(List.of(), HOME.names());
        assertEquals(List.of(), machines());
        HOME.assertNothingLeftOver();
    }

    @Test
    void aBootstrapThatIsCutOffLeavesNothing() {
        try (Home home = Home.empty()) {
            try (Command client = home.start("image", "bootstrap")) {
                client.awaitErr("packages: ");
                home.killDaemon();
                assertTrue(client.waitFor().exit() != 0);
            }
            assertEquals("", home.banger("image", "list", "-q").text());
            home.assertNothingLeftOver();
        }
    }
}
