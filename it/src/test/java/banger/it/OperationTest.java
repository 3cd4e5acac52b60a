package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Long work that outlives its client, and can be watched and cancelled. */
class OperationTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    @AfterEach
    void deleteAll() {
        HOME.banger("vm", "delete", "--all").exits(0);
        HOME.assertNothingLeftOver();
    }

    private static String detached(String name) {
        String operation =
                HOME.banger("vm", "create", "--detach", "--name", name).text();
        assertTrue(operation.startsWith("op-"), operation);
        return operation;
    }

    @Test
    void aDetachedCreationCanBeWatchedByMany() {
        String operation = detached("watched");
        Command second = HOME.start("operation", "watch", operation);
        Outcome first = HOME.banger("operation", "watch", operation);
        assertEquals("watched", first.text());
        assertTrue(first.err().contains("boot: "), first.err());
        assertEquals("watched", second.waitFor().text());
        assertEquals("watched", HOME.banger("operation", "watch", operation).text(), "also when it is over");
        assertEquals("running", HOME.vmState("watched"));
    }

    @Test
    void operationsAreListed() {
        String operation = detached("noted");
        Json listed = Json.parse(
                        HOME.banger("operation", "list", "--format", "json").text())
                .items()
                .stream()
                .filter(each -> each.at("operation").text().equals(operation))
                .findFirst()
                .orElseThrow();
        assertEquals("vm.create", listed.at("kind").text());
        assertEquals("noted", listed.at("subject").text());
        assertTrue(HOME.banger("operation", "list", "-q").text().lines().anyMatch(operation::equals));
        HOME.banger("operation", "watch", operation).exits(0);
    }

    @Test
    void aClientThatIsInterruptedLeavesTheWorkToTheDaemon() {
        try (Command client = HOME.start("vm", "create", "--name", "left-behind")) {
            client.awaitErr("boot: ");
            Outcome left = client.signal("INT").waitFor().exits(130);
            assertTrue(left.err().contains("banger operation watch op-"), left.err());
            String operation = left.err().replaceAll("(?s).*operation watch (op-[a-z0-9-]+).*", "$1");
            assertEquals(
                    "left-behind", HOME.banger("operation", "watch", operation).text());
        }
        assertEquals("running", HOME.vmState("left-behind"));
    }

    @Test
    void aClientThatIsKilledLeavesTheWorkToTheDaemonToo() {
        try (Command client = HOME.start("vm", "create", "--name", "orphan")) {
            client.awaitErr("disks: ");
            client.signal("KILL").waitFor();
        }
        Wait.until("the vm to run", () -> HOME.vmState("orphan").equals("running"));
    }

    @Test
    void cancellingACreationUndoesIt() {
        String operation = detached("unwanted");
        assertEquals(
                operation + ": cancelled",
                HOME.banger("operation", "cancel", operation).text());
        HOME.banger("operation", "watch", operation).fails(1, "cancelled");
        assertFalse(HOME.names().contains("unwanted"));
        HOME.assertNothingLeftOver();
        assertEquals("unwanted", HOME.create("unwanted"));
    }

    @Test
    void aWatcherLearnsThatItsWorkWasCancelled() {
        try (Command client = HOME.start("vm", "create", "--name", "watcher")) {
            client.awaitErr("disks: ");
            String operation = HOME.banger("operation", "list", "-q")
                    .text()
                    .lines()
                    .reduce((a, b) -> b)
                    .orElseThrow();
            HOME.banger("operation", "cancel", operation).exits(0);
            client.waitFor().fails(1, "cancelled");
        }
        assertEquals(List.of(), HOME.names());
    }

    @Test
    void whatIsOverCannotBeCancelled() {
        String operation = detached("done");
        HOME.banger("operation", "watch", operation).exits(0);
        assertEquals(
                operation + ": done\n",
                HOME.banger("operation", "cancel", operation).exits(1).out());
        assertEquals("running", HOME.vmState("done"));
    }

    @Test
    void anUnknownOperationIsAnError() {
        HOME.banger("operation", "watch", "op-none-1").failsInALine(1, "op-none-1");
        HOME.banger("operation", "cancel", "op-none-1").failsInALine(1, "op-none-1");
    }

    @Test
    void aVmThatIsBeingCreatedCanBeDeletedAndKilled() {
        String operation = detached("short-lived");
        Wait.until("the record", () -> HOME.names().contains("short-lived"));
        HOME.banger("vm", "delete", "short-lived").exits(0);
        HOME.banger("operation", "watch", operation);
        assertEquals(List.of(), HOME.names());
    }
}
