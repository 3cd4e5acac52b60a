package banger.daemon.guest;

import banger.wire.frame.Frame;
import banger.wire.frame.MalformedFrameException;
import banger.wire.frame.PayloadReader;

/** What an agent may send on a channel (docs/guest-protocol.md); checked before anybody reads it or passes it on. */
final class AgentFrames {
    private static final int KILLED_BY_SIGNAL = 1;

    private AgentFrames() {}

    static void check(Frame frame) throws MalformedFrameException {
        PayloadReader fields = frame.read();
        switch (frame.type()) {
            case DATA, DATA_ERR -> {
                if (frame.payload().length == 0) {
                    throw new MalformedFrameException("empty " + frame.type());
                }
            }
            case OPENED, CREDIT -> {
                fields.u32();
                fields.end();
            }
            case REFUSED -> {
                fields.u16();
                fields.string();
                fields.end();
            }
            case EXIT -> {
                int how = fields.u8();
                if (how > KILLED_BY_SIGNAL) {
                    throw new MalformedFrameException("an end of kind " + how);
                }
                fields.u8();
                fields.end();
            }
            case EOF -> fields.end();
            case REPLY -> {
                // Its fields are those of the channel's kind; who asked reads them.
            }
            case HELLO, ERROR, OPEN, SIGNAL, RESIZE, CLOSE ->
                throw new MalformedFrameException(frame.type() + " from an agent on channel " + frame.channel());
        }
    }
}
