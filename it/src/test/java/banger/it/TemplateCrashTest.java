package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates whose making is killed: they are whole or not there, and nothing of their making is left. */
@Tag("long")
class TemplateCrashTest {
    @RegisterExtension
    static final Home HOME = Home.withoutTemplate();

    private static List<HostProcesses.Entry> machines() {
        return HostProcesses.of(HOME.folder()).stream()
                .filter(process -> process.line().contains("qemu-system"))
                .toList();
    }

    private static List<String> templates() {
        return HOME.banger("template", "list", "-q").text().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot: ", "freeze: ", "store: "})
    void aDaemonThatIsKilledLeavesAWholeTemplateOrNone(String moment) {
        HOME.banger("daemon", "start").exits(0);
        long daemon = HOME.daemonPid();
        try (Command client = HOME.start("image", "warm", "debian")) {
            client.awaitErr(moment);
            HostProcesses.kill(daemon);
            assertNotEquals(0, client.waitFor().exit());
        }
        List<String> left = templates();
        assertEquals(List.of(), machines());
        HOME.assertNothingLeftOver();
        if (!left.isEmpty()) {
            // It was put in place before the daemon died: then it must serve.
            Outcome created = HOME.banger("vm", "create", "--name", "of-it").exits(0);
            assertTrue(created.err().contains("restoring its memory"), created.err());
            assertEquals("of-it", HOME.sh("of-it", "hostname"));
            HOME.banger("vm", "delete", "of-it").exits(0);
            HOME.banger("template", "delete", left.getFirst()).exits(0);
        }
    }

    @Test
    void aDriverThatIsKilledLeavesNoTemplateAndItsEndIsTold() {
        try (Command client = HOME.start("image", "warm", "debian")) {
            client.awaitErr("ready: ");
            machines().forEach(machine -> HostProcesses.kill(machine.pid()));
            Outcome failed = client.waitFor();
            assertNotEquals(0, failed.exit());
            assertTrue(failed.err().contains("making a template of image debian"), failed.err());
        }
        assertEquals(List.of(), templates());
        HOME.assertNothingLeftOver();
    }
}
