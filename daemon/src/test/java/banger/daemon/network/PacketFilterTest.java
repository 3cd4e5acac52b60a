package banger.daemon.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private final List<String> transactions = new ArrayList<>();

    @Test
    void whatWaitsTogetherGoesInOneTransaction() throws InterruptedException {
        var first = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var filter = new PacketFilter(() -> "whole", text -> {
            transactions.add(text);
            first.countDown();
            await(goOn);
        });
        var threads = new ArrayList<Thread>();
        threads.add(Thread.ofPlatform().start(() -> filter.apply("a\n")));
        assertTrue(first.await(1, TimeUnit.MINUTES));
        for (int i = 0; i < 49; i++) {
            threads.add(Thread.ofPlatform().start(() -> filter.apply("b\n")));
        }
        // All 49 stand in line before the first transaction ends.
        while (threads.stream().skip(1).anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
            Thread.sleep(1);
        }
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        }
        assertEquals(List.of("a\n", "b\n".repeat(49)), transactions);
    }

    @Test
    void whatSomebodyElseHasFlushedIsWrittenAnew() {
        var filter = new PacketFilter(() -> "whole", text -> {
            transactions.add(text);
            if (!text.equals("whole")) {
                throw new Problem(Problem.Kind.FAILED, "no such table");
            }
        });
        filter.apply("a");
        assertEquals(List.of("a", "whole"), transactions);
    }

    @Test
    void whatCannotBeWrittenAtAllFailsForWhoWantedIt() {
        var filter = new PacketFilter(() -> "whole", text -> {
            throw new Problem(Problem.Kind.FAILED, "nft failed with status 1: not permitted");
        });
        Problem problem = assertThrows(Problem.class, () -> filter.apply("a"));
        assertEquals("nft failed with status 1: not permitted", problem.getMessage());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
