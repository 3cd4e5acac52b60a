package banger.daemon.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private final Operation operation = new Operation("op-1", "vm.create", "beta", false);

    @Test
    void eachStageIsAFieldAndOneThatCameTwiceIsThereOnce() {
        operation.stage("disks", "cloning");
        operation.stage("boot", "booting");
        operation.stage("boot", "booting again");
        operation.end(Operation.State.DONE, null);
        String line = LogLine.of(operation.snapshot());
        assertTrue(
                line.matches(
                        "operation=op-1 kind=vm.create subject=beta state=done total_ms=\\d+ disks_ms=\\d+ boot_ms=\\d+"),
                line);
    }

    @Test
    void whyItFailedStaysOneField() {
        operation.end(Operation.State.FAILED, new Problem(Problem.Kind.FAILED, "no \"beta\"\nin a\\b = c", null));
        String line = LogLine.of(operation.snapshot());
        assertEquals("problem=\"no \\\"beta\\\"\\nin a\\\\b = c\"", line.substring(line.indexOf("problem=")));
    }
}
