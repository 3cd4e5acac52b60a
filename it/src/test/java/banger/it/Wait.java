package banger.it;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Waits for what is to come by looking again and again, with a bound that only a hang can reach. */
final class Wait {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Wait() {}

    static void until(String what, Callable<Boolean> holds) {
        long end = System.nanoTime() + BOUND.toNanos();
        try {
            while (!holds.call()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("waited in vain for " + what);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + what, e);
        }
    }

    /** Waits until a value is the same in several looks, a while apart, and returns it. */
    static <T> T untilSteady(String what, Callable<T> value) {
        var seen = new Object() {
            T last = call(value);
            int times = 1;
        };
        until(what + " to come to rest", () -> {
            Thread.sleep(250);
            T now = value.call();
            seen.times = Objects.equals(now, seen.last) ? seen.times + 1 : 1;
            seen.last = now;
            return seen.times >= 6;
        });
        return seen.last;
    }

    private static <T> T call(Callable<T> value) {
        try {
            return value.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
