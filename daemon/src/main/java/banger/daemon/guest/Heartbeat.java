package banger.daemon.guest;

import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Notices that an agent is no longer there: a virtio-serial port stays open when the program behind it has died.
 *
 * <p>It asks only while somebody waits for the agent and nothing comes, so that idle guests sleep.
 *
 * @param quiet after how long without a frame it asks
 * @param bound how long the agent may take, which is much for one whose guest is short of memory
 */
record Heartbeat(Duration quiet, Duration bound) {
    static final Heartbeat USUAL = new Heartbeat(Duration.ofSeconds(10), Duration.ofSeconds(45));

    /** Watches while a channel is open, and ends the session where the agent does not answer. */
    void watch(AgentSession session) {
        long heard = session.framesHeard();
        while (session.isBusy() && !endsWithin(quiet, session)) {
            long now = session.framesHeard();
            if (now == heard && session.isWaitedFor()) {
                ask(session);
            }
            heard = session.framesHeard();
        }
    }

    private void ask(AgentSession session) {
        try {
            // What holds without a condition is answered at once.
            session.call(ChannelKind.READY, this::noConditions, bound);
        } catch (IOException e) {
            session.giveUp("has not answered for " + bound.toSeconds() + " s");
        }
    }

    private void noConditions(PayloadWriter request) {
        request.strings(List.of());
    }

    private static boolean endsWithin(Duration time, AgentSession session) {
        try {
            session.ended().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | InterruptedException e) {
            return true;
        }
    }
}
