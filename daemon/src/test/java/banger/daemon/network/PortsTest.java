package banger.daemon.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.os.Privileges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link PortsInANamespace}, as only a whole process can live in a network namespace. */
class PortsTest {
    @Test
    @Timeout(120)
    void aDeviceIsShutUntilItIsAVmsAndOneThatIsHalfMadeGoes() throws IOException {
        assumeTrue(Privileges.user() == 0, "a network namespace, and so a bridge's ports, take root");
        Process ports = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "ip link set lo up && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PortsInANamespace.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("""
                half made: false
                another's: true
                a vm's: answered
                nobody's: silent
                left: [lo]
                """, new String(ports.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
