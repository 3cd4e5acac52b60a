package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes to a channel, as DATA within the agent's credit; closing sends EOF. */
final class GuestOutput extends OutputStream {
    private final AgentChannel channel;
    private final SendCredit credit;
    private boolean closed;

    GuestOutput(AgentChannel channel, SendCredit credit) {
        this.channel = channel;
        this.credit = credit;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int count = credit.take(Math.min(end - at, Frame.MAX_PAYLOAD_BYTES));
            channel.send(new Frame(channel.number(), FrameType.DATA, Arrays.copyOfRange(source, at, at + count)));
            at += count;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            channel.send(Frame.empty(channel.number(), FrameType.EOF));
        }
    }
}
