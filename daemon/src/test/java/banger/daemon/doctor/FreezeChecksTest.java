package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.os.MemoryAccess;
import org.junit.jupiter.api.Test;

class FreezeChecksTest {
    @Test
    void whereAllMemoryCanBeReadAllIsWell() {
        assertEquals(Level.OK, FreezeChecks.memory(MemoryAccess.ALL).level());
    }

    @Test
    void whereOnlyThatOfDescendantsCanBeReadItWarnsOfTheDaemonsRestartWithTheCommand() {
        Finding finding = FreezeChecks.memory(MemoryAccess.DESCENDANTS);
        assertEquals(Level.WARNING, finding.level());
        assertTrue(finding.found().endsWith("once the daemon has been restarted"), finding.found());
        assertTrue(String.valueOf(finding.fix()).contains("kernel.yama.ptrace_scope=0"), finding.fix());
    }

    @Test
    void whereNoneCanBeReadItWarns() {
        assertEquals(Level.WARNING, FreezeChecks.memory(MemoryAccess.NONE).level());
    }
}
