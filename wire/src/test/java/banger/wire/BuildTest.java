package banger.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void theCurrentBuildIsFilledInByTheBuild() {
        String id = Build.current().id();
        assertFalse(id.isEmpty());
        assertFalse(id.contains("$"), id);
    }

    @Test
    void theLaterTimeIsTheNewerBuild() {
        var earlier = new Build("2026-09-30T23:59:59Z-ffffffff");
        var later = new Build("2026-10-01T00:00:00Z-00000000");
        assertTrue(earlier.olderThan(later));
        assertFalse(later.olderThan(earlier));
        assertFalse(later.olderThan(later));
    }

    @Test
    void aBuildWithoutATimeIsOlder() {
        assertTrue(new Build("0-dev").olderThan(new Build("2026-10-01T00:00:00Z-00000000")));
    }
}
