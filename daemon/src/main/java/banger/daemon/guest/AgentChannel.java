package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.MalformedFrameException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host's end of one channel: sends frames under its number, and holds the agent to the credit that it was given.
 *
 * <p>Senders must keep to the credit that the agent grants; {@link #send} does not wait for it.
 */
public final class AgentChannel {
    private final AgentSession session;
    private final int number;
    private final ChannelListener listener;
    private final AtomicLong granted = new AtomicLong(Frame.INITIAL_CREDIT_BYTES);

    AgentChannel(AgentSession session, int number, ChannelListener listener) {
        this.session = session;
        this.number = number;
        this.listener = listener;
    }

    /** Sends the frame, whatever channel it names, on this one. */
    public void send(Frame frame) throws IOException {
        if (frame.type() == FrameType.CREDIT) {
            long more = frame.read().u32();
            if (granted.addAndGet(more) > Frame.MAX_CREDIT_BYTES) {
                throw new MalformedFrameException("credit above " + Frame.MAX_CREDIT_BYTES + " bytes");
            }
        }
        session.send(frame.onChannel(number));
    }

    /** Gives the channel up: the agent hangs its process up. No frame comes any more. Never throws. */
    public void close() {
        session.abandon(number);
    }

    int number() {
        return number;
    }

    ChannelListener listener() {
        return listener;
    }

    void receive(Frame frame) throws MalformedFrameException {
        AgentFrames.check(frame);
        if (frame.type() == FrameType.DATA || frame.type() == FrameType.DATA_ERR) {
            if (granted.addAndGet(-frame.payload().length) < 0) {
                throw new MalformedFrameException("channel " + number + " sent more than its credit");
            }
        }
        listener.frame(frame);
    }
}
