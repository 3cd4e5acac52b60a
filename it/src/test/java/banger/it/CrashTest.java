package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The daemon dies while it makes an image; the next one leaves nothing half-made. {@link FaultTableTest} has VMs. */
class CrashTest {
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
