package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from a channel. What waits here is bounded by the credit that the agent has; reading grants it more.
 *
 * <p>One reader at a time.
 */
final class GuestInput extends InputStream {
    private static final byte[] END = {};
    private static final int GRANT_BYTES = Frame.INITIAL_CREDIT_BYTES / 2;

    private final LinkedBlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private byte[] current = {};
    private int at;
    private int passedOn;
    private volatile @Nullable AgentChannel channel;
    private volatile @Nullable String failure;

    void granting(AgentChannel source) {
        channel = source;
    }

    void add(byte[] bytes) {
        arrived.add(bytes);
    }

    void end() {
        arrived.add(END);
    }

    void fail(String reason) {
        failure = reason;
        arrived.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == current.length && !next()) {
            return -1;
        }
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, target, offset, count);
        at += count;
        grant(count);
        return count;
    }

    private boolean next() throws IOException {
        try {
            byte[] taken = arrived.take();
            if (taken == END) {
                arrived.add(END);
                String reason = failure;
                if (reason != null) {
                    throw new AgentException(AgentException.LOST, reason);
                }
                return false;
            }
            current = taken;
            at = 0;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(AgentException.LOST, "interrupted while reading from the guest");
        }
    }

    private void grant(int count) throws IOException {
        passedOn += count;
        AgentChannel source = channel;
        if (passedOn >= GRANT_BYTES && source != null && failure == null) {
            source.send(new PayloadWriter().u32(passedOn).frame(source.number(), FrameType.CREDIT));
            passedOn = 0;
        }
    }
}
