package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
    @Test
    void whoIsInterruptedHasTheWorkDoneAndLearnsOfItAfterwards() {
        var interruptedInside = new AtomicBoolean(true);
        Thread.currentThread().interrupt();
        Uninterrupted.run(() -> interruptedInside.set(Thread.currentThread().isInterrupted()));
        assertTrue(Thread.interrupted());
        assertFalse(interruptedInside.get());
    }

    @Test
    void aFailureIsThrownAsItIs() {
        var failure = new IllegalStateException("no");
        assertEquals(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> Uninterrupted.run(() -> {
                            throw failure;
                        })));
    }
}
