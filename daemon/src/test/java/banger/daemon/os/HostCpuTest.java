package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class HostCpuTest {
    @Test
    void itIsReadOnce() {
        assertFalse(HostCpu.ofThisHost().model().isEmpty());
        assertSame(HostCpu.ofThisHost(), HostCpu.ofThisHost());
    }
}
