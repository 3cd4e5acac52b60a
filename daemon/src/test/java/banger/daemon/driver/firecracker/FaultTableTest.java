package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.os.Privileges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link FaultTable}: as root in a network namespace, with a VM on a bridge; else with one that has no network. */
@Timeout(600)
class FaultTableTest {
    private static final boolean ROOT = Privileges.user() == 0;

    @TempDir
    Path folder;

    @Test
    void aFailureOrDeathAtAnyStepLeavesNothingThatNobodyOwns() throws IOException {
        List<String> line = new ArrayList<>();
        if (ROOT) {
            line.addAll(List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        }
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FaultTable.class.getName(),
                folder.toString(),
                Boolean.toString(ROOT)));
        Process table = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String held = new String(table.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(summary(held.lines().toList()));
        assertEquals(cells(), held);
    }

    @Test
    void theStepsOfTheBridgeAreAmongThem() {
        assumeTrue(ROOT, "a network namespace, and so the steps of the bridge, take root");
        assertEquals(41, cells().lines().count());
    }

    private static String cells() {
        return Stream.of(FaultRow.values())
                .flatMap(row -> row.steps(ROOT).stream().map(step -> row + " " + step + "\n"))
                .collect(Collectors.joining());
    }

    private static String summary(List<String> held) {
        var text = new StringBuilder("fault table of the firecracker driver: fails, dies\n");
        for (FaultRow row : FaultRow.values()) {
            long all = row.steps(ROOT).size();
            long good = held.stream().filter(cell -> cell.startsWith(row + " ")).count();
            text.append("   %-15s %d of %d steps hold%n".formatted(row, good, all));
        }
        return text.toString();
    }
}
