package banger.daemon.guest;

import banger.wire.frame.Frame;

/** Takes what the agent says on one channel. Called by the stream's only reader: it must not block. */
public interface ChannelListener {
    void frame(Frame frame);

    /** The stream ended before the channel did; the last call. */
    void lost(String reason);
}
