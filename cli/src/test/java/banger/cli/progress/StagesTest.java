package banger.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.session.Output;
import banger.wire.rpc.OperationMessages.StageEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StagesTest {
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @Test
    void plainStagesAreALineAtTheBeginningAndOneAtTheEnd() {
        StageDisplay plain = new PlainStages(new Output(OutputStream.nullOutputStream(), terminal));
        plain.show(event("fetch", "fetch packages", 0L, 40L << 20, "bytes", "running", 0));
        plain.show(event("fetch", "fetch packages", 12L << 20, 40L << 20, "bytes", "running", 900));
        plain.show(event("fetch", "fetch packages", 40L << 20, 40L << 20, "bytes", "done", 2_100));
        plain.show(event("boot", "wait for the agent", null, null, null, "running", 0));
        plain.show(event("boot", "wait for the agent", null, null, null, "failed", 61_000));
        assertEquals("""
                fetch: fetch packages (0 B of 40 MiB)
                fetch: fetch packages (40 MiB of 40 MiB): done in 2.1 s
                boot: wait for the agent
                boot: wait for the agent: failed after 1 min 1 s
                """, printed());
    }

    @Test
    void aLiveStageStaysOnOneLineThatIsClearedAtTheEnd() {
        StageDisplay live = new LiveStages(terminal);
        live.show(event("boot", "wait for the agent", 3L, null, "files", "done", 1_500));
        live.close();
        live.show(event("boot", "too late", null, null, null, "done", 0));
        String text = printed();
        assertTrue(text.contains("\r\u001b[Kboot: wait for the agent (3 files)  1.5 s"), text);
        assertTrue(text.endsWith("\r\u001b[K"), text);
        assertFalse(text.contains("\n"), text);
    }

    @Test
    void aLiveLineFitsATerminalOfEightyColumns() {
        StageDisplay live = new LiveStages(terminal);
        live.show(event("boot", "x".repeat(500), null, null, null, "done", 1_500));
        live.close();
        for (String line : printed().split("\r\u001b\\[K")) {
            assertTrue(line.length() < 80, line);
        }
        assertTrue(printed().contains("…  1.5 s"));
    }

    @Test
    void aStageCannotSteerTheTerminal() {
        StageDisplay plain = new PlainStages(new Output(OutputStream.nullOutputStream(), terminal));
        plain.show(event("boot", "\u001b]0;title\u0007", null, null, null, "running", 0));
        assertEquals("boot: ?]0;title?\n", printed());
    }

    private String printed() {
        return terminal.toString(StandardCharsets.UTF_8);
    }

    private static StageEvent event(
            String stage, String text, Long done, Long total, String unit, String state, long elapsedMillis) {
        return new StageEvent("op-1", stage, text, done, total, unit, state, elapsedMillis);
    }
}
