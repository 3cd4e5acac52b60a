package banger.daemon.guest;

/** What a channel of the agent's stream is for; the first byte of OPEN. */
public enum ChannelKind {
    EXEC(1),
    TCP(2),
    READY(3),
    IDENTITY(4),
    STATS(5),
    SYNC(6),
    FREEZE(7),
    SHUTDOWN(8),
    GROW(9),
    WRITE(10),
    BOOT(11),
    HOLD(12),
    ADOPT(14),
    NETWORK(15);

    private final int code;

    ChannelKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
