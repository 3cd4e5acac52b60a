package banger.daemon.guest;

import banger.wire.frame.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A file to be put into a guest, whole or not at all. @param mode permission bits @param user owner; empty: root */
public record GuestFile(String path, int mode, String user, byte[] content) {

    /** Whether the other is the same in all. */
    public boolean isLike(GuestFile other) {
        return path.equals(other.path)
                && mode == other.mode
                && user.equals(other.user)
                && Arrays.equals(content, other.content);
    }

    /** Writes it through the agent's {@code write}. */
    public void put(AgentSession session, Duration bound) throws IOException {
        var listener = new Listener();
        AgentChannel channel = session.open(
                ChannelKind.WRITE, payload -> payload.string(path).u32(mode).string(user), listener);
        try (var output = new GuestOutput(channel, listener.credit)) {
            output.write(content);
        } catch (IOException e) {
            // Where the agent has refused it before all was sent, its reason counts.
            if (!listener.done.isCompletedExceptionally()) {
                throw e;
            }
        }
        try {
            listener.done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            channel.close();
            throw new AgentException(AgentException.LOST, path + " was not written within " + bound.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while writing " + path);
        }
    }

    private static final class Listener implements ChannelListener {
        final SendCredit credit = new SendCredit();
        final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public void frame(Frame frame) {
            try {
                switch (frame.type()) {
                    case CREDIT -> credit.add(frame.read().u32());
                    case REPLY -> done.complete(null);
                    case REFUSED -> fail(Refusal.of(frame));
                    default -> {
                        // OPENED: the agent takes the content; it is under way already.
                    }
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        public void lost(String reason) {
            fail(new AgentException(AgentException.LOST, reason));
        }

        private void fail(IOException reason) {
            done.completeExceptionally(reason);
            credit.end(String.valueOf(reason.getMessage()));
        }
    }
}
