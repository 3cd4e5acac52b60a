package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.PayloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A command of the daemon's own in a guest, with its streams: what {@code java.lang.Process} is for the host.
 *
 * <p>Both outputs must be read, as they share one credit.
 */
public final class GuestProcess implements AutoCloseable {
    private final GuestInput stdout = new GuestInput();
    private final GuestInput stderr = new GuestInput();
    private final SendCredit credit = new SendCredit();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Listener listener = new Listener();
    private final AgentChannel channel;
    private final OutputStream stdin;

    private GuestProcess(AgentSession session, ExecRequest request) throws IOException {
        channel = session.open(ChannelKind.EXEC, request::writeTo, listener);
        stdout.granting(channel);
        stderr.granting(channel);
        stdin = new GuestOutput(channel, credit);
    }

    /** Starts it. @throws AgentException where the agent refuses it or does not answer within the bound */
    public static GuestProcess start(AgentSession session, ExecRequest request, Duration bound) throws IOException {
        var process = new GuestProcess(session, request);
        await(process.started, bound);
        return process;
    }

    public OutputStream stdin() {
        return stdin;
    }

    public InputStream stdout() {
        return stdout;
    }

    public InputStream stderr() {
        return stderr;
    }

    /** Whether it has ended when the bound is over. @throws IOException where that cannot be known any more */
    public boolean endsWithin(Duration bound) throws IOException {
        try {
            exit.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while waiting for the guest");
        }
    }

    /** Waits for its end: the exit status, or 128 and the signal's number. */
    public int waitFor(Duration bound) throws IOException {
        return await(exit, bound);
    }

    /** Hangs it up where it still runs; whoever reads from it, writes to it or waits for it then fails. */
    @Override
    public void close() {
        if (!exit.isDone()) {
            channel.close();
            listener.lost("given up by the daemon");
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration bound) throws IOException {
        try {
            return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AgentException(
                    AgentException.LOST, "no answer from the guest within " + bound.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while waiting for the guest");
        }
    }

    private final class Listener implements ChannelListener {
        @Override
        public void frame(Frame frame) {
            try {
                take(frame);
            } catch (IOException e) {
                lost(String.valueOf(e.getMessage()));
            }
        }

        private void take(Frame frame) throws IOException {
            switch (frame.type()) {
                case OPENED -> started.complete(null);
                case REFUSED -> {
                    IOException refusal = Refusal.of(frame);
                    started.completeExceptionally(refusal);
                    exit.completeExceptionally(refusal);
                }
                case DATA -> stdout.add(frame.payload());
                case DATA_ERR -> stderr.add(frame.payload());
                case CREDIT -> credit.add(frame.read().u32());
                case EXIT -> ended(frame.read());
                default -> {
                    // EOF of one output says no more than EXIT will.
                }
            }
        }

        private void ended(PayloadReader fields) throws IOException {
            boolean signalled = fields.u8() == 1;
            int status = fields.u8() + (signalled ? 128 : 0);
            stdout.end();
            stderr.end();
            credit.end("the process has ended");
            exit.complete(status);
        }

        @Override
        public void lost(String reason) {
            started.completeExceptionally(new AgentException(AgentException.LOST, reason));
            exit.completeExceptionally(new AgentException(AgentException.LOST, reason));
            stdout.fail(reason);
            stderr.fail(reason);
            credit.end(reason);
        }
    }
}
