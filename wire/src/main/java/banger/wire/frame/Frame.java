package banger.wire.frame;

/**
 * One frame: a channel, a type and a payload of at most {@link #MAX_PAYLOAD_BYTES}.
 *
 * <p>The payload array belongs to the frame: who receives one may keep it, nobody changes it.
 */
public record Frame(int channel, FrameType type, byte[] payload) {
    public static final int HEADER_BYTES = 9;
    public static final int MAX_PAYLOAD_BYTES = 65_536;
    /** Credit that each direction of a channel starts with. */
    public static final int INITIAL_CREDIT_BYTES = 262_144;

    public static final int MAX_CREDIT_BYTES = 16_777_216;
    /** The channel of the session itself. */
    public static final int SESSION = 0;

    private static final byte[] EMPTY = {};

    public Frame {
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("payload of " + payload.length + " bytes");
        }
    }

    public static Frame empty(int channel, FrameType type) {
        return new Frame(channel, type, EMPTY);
    }

    /** The same frame under another channel number, sharing the payload. */
    public Frame onChannel(int other) {
        return new Frame(other, type, payload);
    }

    public PayloadReader read() {
        return new PayloadReader(payload);
    }
}
