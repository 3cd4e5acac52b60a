package banger.wire.frame;

/** The type byte of a frame. */
public enum FrameType {
    HELLO(1),
    ERROR(2),
    OPEN(16),
    OPENED(17),
    REFUSED(18),
    REPLY(19),
    DATA(20),
    DATA_ERR(21),
    EOF(22),
    CREDIT(23),
    SIGNAL(24),
    RESIZE(25),
    EXIT(26),
    CLOSE(27);

    private static final FrameType[] BY_CODE = new FrameType[CLOSE.code + 1];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The type of that code; an unknown code is malformed. */
    public static FrameType of(int code) throws MalformedFrameException {
        FrameType type = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (type == null) {
            throw new MalformedFrameException("unknown frame type " + code);
        }
        return type;
    }

    /** Whether this frame, sent by the agent, is the last one of its channel. */
    public boolean endsChannel() {
        return this == REFUSED || this == REPLY || this == EXIT;
    }
}
