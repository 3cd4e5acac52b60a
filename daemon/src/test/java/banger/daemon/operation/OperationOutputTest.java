package banger.daemon.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OperationOutputTest {
    private static final long NO_WAIT = 0;

    private final Operation operation = new Operation("op-1", "image.build", "tools", false);

    @Test
    void aWatcherGetsEachLineOnce() throws InterruptedException {
        operation.output("one");
        Operation.Snapshot first = operation.awaitChange(0, NO_WAIT);
        assertEquals(List.of("one"), texts(first));
        operation.output("two");
        assertEquals(List.of("two"), texts(operation.awaitChange(first.change(), NO_WAIT)));
    }

    @Test
    void whoeverComesLaterGetsWhatIsKept() throws InterruptedException {
        for (int i = 0; i < 5000; i++) {
            operation.output("line " + i);
        }
        List<String> kept = texts(operation.awaitChange(0, NO_WAIT));
        assertEquals(2000, kept.size());
        assertEquals("line 4999", kept.getLast());
    }

    @Test
    void aLineStandsBetweenTheStagesThatItFellBetween() throws InterruptedException {
        operation.stage("boot", "booting");
        operation.output("said");
        operation.stage("build", "building");
        Operation.Snapshot now = operation.awaitChange(0, NO_WAIT);
        long said = now.output().getFirst().change();
        assertTrue(said < now.stages().getFirst().change(), "before the first stage's end");
        assertTrue(said < now.stages().getLast().change(), "before the next one's beginning");
    }

    private static List<String> texts(Operation.Snapshot snapshot) {
        return snapshot.output().stream().map(Operation.Line::text).toList();
    }
}
