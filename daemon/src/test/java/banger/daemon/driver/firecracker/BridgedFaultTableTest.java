package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.os.Privileges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link BridgedFaultTable} in a network namespace. */
class BridgedFaultTableTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void aFailureOrDeathAtAnyStepOfTheNetworkLeavesNothing() throws IOException {
        assumeTrue(Privileges.user() == 0, "a network namespace, and so the bridge's fault table, takes root");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process table = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "ip link set lo up && exec \"$@\"",
                        "sh",
                        java.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BridgedFaultTable.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(table.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(
                cells("create", BridgedFaultTable.CREATE)
                        + cells("stop", BridgedFaultTable.STOP)
                        + cells("delete", BridgedFaultTable.DELETE),
                printed);
    }

    private static String cells(String action, List<?> steps) {
        return steps.stream().map(step -> action + " " + step + "\n").collect(Collectors.joining());
    }
}
