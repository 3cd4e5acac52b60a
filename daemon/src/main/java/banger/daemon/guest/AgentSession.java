package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameReader;
import banger.wire.frame.FrameType;
import banger.wire.frame.FrameWriter;
import banger.wire.frame.MalformedFrameException;
import banger.wire.frame.PayloadReader;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The host end of one session on an agent's stream (docs/guest-protocol.md).
 *
 * <p>Safe for any number of threads. One virtual thread reads; when the stream ends, however it does, every channel is
 * told and {@link #ended} completes. What the agent sends is hostile: a frame that breaks the rules ends the session.
 */
public final class AgentSession implements AutoCloseable {
    private static final byte[] MAGIC = "banger-stream-v1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int MAX_CAPABILITIES = 64;
    /** What an earlier session may have left in the pipes: far more than any buffer between the two ends holds. */
    private static final long MAX_STALE_BYTES = 64L << 20;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final ByteChannel stream;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Heartbeat heartbeat;
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Map<Integer, AgentChannel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock opening = new ReentrantLock();
    private final CompletableFuture<Hello> hello = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile int lastChannel;
    private volatile long framesHeard;

    /** What the agent said of itself. */
    public record Hello(int version, List<String> capabilities, String agentVersion, String bootId) {}

    private AgentSession(String name, ByteChannel stream, Heartbeat heartbeat) {
        this.name = name;
        this.heartbeat = heartbeat;
        this.stream = stream;
        reader = new FrameReader(stream);
        writer = new FrameWriter(stream);
    }

    /**
     * Begins a session: says hello at once, so that an agent which is still booting finds it waiting.
     *
     * @param name the VM's name, for threads and messages
     */
    public static AgentSession begin(String name, ByteChannel stream) throws IOException {
        return begin(name, stream, Heartbeat.USUAL);
    }

    static AgentSession begin(String name, ByteChannel stream, Heartbeat heartbeat) throws IOException {
        var session = new AgentSession(name, stream, heartbeat);
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        session.writer.write(new PayloadWriter()
                .raw(MAGIC)
                .raw(nonce)
                .u16(VERSION)
                .strings(List.of())
                .frame(Frame.SESSION, FrameType.HELLO));
        Thread.ofVirtual().name("agent-" + name).start(() -> session.read(nonce));
        return session;
    }

    /** Whether the agent has said that it has this capability. */
    public boolean can(String capability) {
        return hello.isDone()
                && !hello.isCompletedExceptionally()
                && hello.join().capabilities().contains(capability);
    }

    /** The agent's hello. @throws AgentException where it does not come within the bound */
    public Hello hello(Duration bound) throws IOException {
        return await(hello, bound, "said nothing");
    }

    /** Completes with the reason when the stream has ended. */
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** Whether any channel is open: a command runs, a connection stands, an answer is waited for. */
    public boolean isBusy() {
        return !channels.isEmpty();
    }

    public boolean isOpen() {
        return !ended.isDone();
    }

    /** Opens a channel; the listener hears all that comes on it, OPENED or REFUSED first. */
    public AgentChannel open(ChannelKind kind, Consumer<PayloadWriter> request, ChannelListener listener)
            throws IOException {
        var payload = new PayloadWriter().u8(kind.code());
        request.accept(payload);
        if (payload.size() > Frame.MAX_PAYLOAD_BYTES) {
            throw new AgentException(
                    1, kind + " request of " + payload.size() + " bytes, at most " + Frame.MAX_PAYLOAD_BYTES);
        }
        // Numbers must reach the agent in order, so taking one and sending it are one step.
        opening.lock();
        try {
            var channel = new AgentChannel(this, ++lastChannel, listener);
            channels.put(channel.number(), channel);
            if (ended.isDone()) {
                channels.remove(channel.number());
                throw lost();
            }
            send(payload.frame(channel.number(), FrameType.OPEN));
            watch();
            return channel;
        } finally {
            opening.unlock();
        }
    }

    /** Sends a request that ends in one REPLY, and returns that reply. */
    public PayloadReader call(ChannelKind kind, Consumer<PayloadWriter> request, Duration bound) throws IOException {
        var outcome = new CompletableFuture<Frame>();
        AgentChannel channel = open(kind, request, new SingleReply(outcome));
        try {
            return await(outcome, bound, "did not answer " + kind.name().toLowerCase(java.util.Locale.ROOT))
                    .read();
        } finally {
            if (!outcome.isDone()) {
                channel.close();
            }
        }
    }

    @Override
    public void close() {
        end("closed by the daemon");
    }

    /** How many frames have come so far. */
    long framesHeard() {
        return framesHeard;
    }

    /** Whether a channel is open, so that somebody waits for what comes on it. */
    boolean isWaitedFor() {
        return hello.isDone() && !channels.isEmpty();
    }

    /** Ends the session. @param why what the agent did, such as "has not answered" */
    void giveUp(String why) {
        end("the agent in the guest of " + name + " " + why);
    }

    void send(Frame frame) throws IOException {
        try {
            writer.write(frame);
        } catch (IOException e) {
            end("the stream to the guest of " + name + " broke: " + e.getMessage());
            throw lost();
        }
    }

    /** One thread at a time, and none while no channel is open. */
    private void watch() {
        if (watched.compareAndSet(false, true)) {
            Thread.ofVirtual().name("heartbeat-" + name).start(() -> {
                heartbeat.watch(this);
                watched.set(false);
                if (isBusy()) {
                    watch();
                }
            });
        }
    }

    void abandon(int channel) {
        if (channels.remove(channel) != null) {
            try {
                send(Frame.empty(channel, FrameType.CLOSE));
            } catch (IOException e) {
                // The stream has ended, and the channel with it.
                return;
            }
        }
    }

    private void read(byte[] nonce) {
        try {
            byte[] start = java.util.Arrays.copyOf(MAGIC, MAGIC.length + nonce.length);
            System.arraycopy(nonce, 0, start, MAGIC.length, nonce.length);
            hello.complete(parse(reader.awaitHello(start, MAX_STALE_BYTES)));
            while (true) {
                dispatch(reader.next());
            }
        } catch (MalformedFrameException e) {
            end("the guest of " + name + " broke the protocol: " + e.getMessage());
        } catch (IOException e) {
            end("the stream to the guest of " + name + " ended");
        }
    }

    private static Hello parse(Frame frame) throws MalformedFrameException {
        PayloadReader fields = frame.read();
        fields.raw(32);
        var hello = new Hello(fields.u16(), fields.strings(MAX_CAPABILITIES), fields.string(), fields.string());
        fields.end();
        return hello;
    }

    private void dispatch(Frame frame) throws MalformedFrameException {
        framesHeard = framesHeard + 1;
        if (frame.channel() == Frame.SESSION) {
            if (frame.type() == FrameType.ERROR) {
                PayloadReader fields = frame.read();
                throw new MalformedFrameException("agent error " + fields.u16() + ": " + fields.string());
            }
            throw new MalformedFrameException(frame.type() + " on channel 0");
        }
        AgentChannel channel = channels.get(frame.channel());
        if (channel == null) {
            if (frame.channel() < 0 || frame.channel() > lastChannel) {
                throw new MalformedFrameException("channel " + frame.channel() + " was never opened");
            }
            return;
        }
        if (frame.type().endsChannel()) {
            channels.remove(frame.channel());
        }
        channel.receive(frame);
    }

    private void end(String reason) {
        if (!ended.complete(reason)) {
            return;
        }
        try {
            stream.close();
        } catch (IOException e) {
            // Closing is all that was wanted; a failure to say goodbye changes nothing.
        }
        hello.completeExceptionally(lost());
        channels.values().forEach(channel -> channel.listener().lost(reason));
        channels.clear();
    }

    private AgentException lost() {
        return new AgentException(AgentException.LOST, ended.getNow("the stream to the guest of " + name + " is gone"));
    }

    private <T> T await(CompletableFuture<T> future, Duration bound, String failure) throws IOException {
        try {
            return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AgentException(
                    AgentException.LOST,
                    "the guest of " + name + " " + failure + " within " + bound.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while waiting for the guest of " + name);
        }
    }

    /** Hears the one answer of a call. */
    private record SingleReply(CompletableFuture<Frame> outcome) implements ChannelListener {
        @Override
        public void frame(Frame frame) {
            switch (frame.type()) {
                case REPLY -> outcome.complete(frame);
                case REFUSED -> outcome.completeExceptionally(Refusal.of(frame));
                default ->
                    outcome.completeExceptionally(new MalformedFrameException(frame.type() + " in place of a reply"));
            }
        }

        @Override
        public void lost(String reason) {
            outcome.completeExceptionally(new AgentException(AgentException.LOST, reason));
        }
    }
}
