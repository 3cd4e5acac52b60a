package banger.daemon.rpc;

import banger.daemon.guest.AgentChannel;
import banger.daemon.guest.ChannelListener;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.MalformedFrameException;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes frames between a client and one channel of an agent's stream, renumbered and unread.
 *
 * <p>What waits for a slow client is bounded by the credit that it gave; a client that sends more than the agent's
 * credit is cut off here, before the agent would take it for a broken stream.
 */
final class StreamRelay implements ChannelListener {
    /** The channel's number on the client's side. */
    static final int CLIENT_CHANNEL = 1;

    private static final int MAX_QUEUED_FRAMES = 1 << 19;
    private static final int MAX_BATCH_FRAMES = 32;
    private static final Frame OVER = Frame.empty(CLIENT_CHANNEL, FrameType.CLOSE);

    private final CompletableFuture<Frame> first = new CompletableFuture<>();
    private final LinkedBlockingQueue<Frame> toClient = new LinkedBlockingQueue<>();
    private final AtomicLong agentCredit = new AtomicLong(Frame.INITIAL_CREDIT_BYTES);

    /** OPENED or REFUSED, or a failure where the stream was lost before either came. */
    CompletableFuture<Frame> first() {
        return first;
    }

    @Override
    public void frame(Frame frame) {
        if (!first.isDone()) {
            first.complete(frame);
            return;
        }
        if (frame.type() == FrameType.CREDIT) {
            try {
                agentCredit.addAndGet(frame.read().u32());
            } catch (MalformedFrameException e) {
                lost("the guest broke the protocol: " + e.getMessage());
                return;
            }
        }
        if (toClient.size() >= MAX_QUEUED_FRAMES) {
            lost("the guest sends faster than its credit allows");
            return;
        }
        toClient.add(frame.onChannel(CLIENT_CHANNEL));
    }

    @Override
    public void lost(String reason) {
        first.completeExceptionally(new IOException(reason));
        toClient.add(new PayloadWriter().u16(9).string(reason).frame(Frame.SESSION, FrameType.ERROR));
        toClient.add(OVER);
    }

    /** Relays until the channel ends or the client goes away; then the channel is closed. */
    void run(AgentChannel channel, Connection connection) {
        FrameReader fromClient = connection.frames();
        Thread writing = Thread.ofVirtual().name("to-client").start(() -> writeAll(connection));
        try {
            while (true) {
                pass(fromClient.next(), channel);
            }
        } catch (IOException e) {
            // The client has gone, or the channel has ended and the writer has cut the wait short.
            channel.close();
            toClient.add(OVER);
        }
        try {
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Frame frame, AgentChannel channel) throws IOException {
        if (frame.channel() != CLIENT_CHANNEL) {
            throw new MalformedFrameException("channel " + frame.channel());
        }
        switch (frame.type()) {
            case DATA -> {
                if (agentCredit.addAndGet(-frame.payload().length) < 0) {
                    throw new MalformedFrameException("more than the guest's credit");
                }
                channel.send(frame);
            }
            case EOF, CREDIT, SIGNAL, RESIZE -> channel.send(frame);
            case CLOSE -> throw new IOException("the client gave up");
            default -> throw new MalformedFrameException(frame.type() + " from a client");
        }
    }

    private void writeAll(Connection connection) {
        try {
            FrameWriter client = connection.frameWriter();
            var batch = new ArrayList<Frame>(MAX_BATCH_FRAMES);
            while (true) {
                batch.clear();
                batch.add(toClient.take());
                toClient.drainTo(batch, MAX_BATCH_FRAMES - 1);
                int over = batch.indexOf(OVER);
                var frames = over < 0 ? batch : batch.subList(0, over);
                client.write(frames.toArray(Frame[]::new));
                if (over >= 0 || frames.stream().anyMatch(frame -> frame.type().endsChannel())) {
                    break;
                }
            }
        } catch (IOException e) {
            // The client has gone; its reader notices too and closes the channel.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // The reader may wait for a client that has no more to say.
            connection.endInput();
        }
    }
}
