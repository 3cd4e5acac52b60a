package banger.wire.rpc;

import io.avaje.jsonb.Json;

/** Messages about the daemon itself. */
public final class DaemonMessages {
    /** The version of the RPC interface; it changes when an old client would misread a new daemon. */
    public static final int PROTOCOL = 1;

    /** How a bangerd exits that finds another on its store: as sysexits.h's EX_TEMPFAIL. */
    public static final int EXIT_ANOTHER_RUNS = 75;

    private DaemonMessages() {}

    /** The client's first call on each connection. */
    @Json
    public record Hello(int protocol, String build) {}

    @Json
    public record HelloReply(int protocol, String build, long pid) {}

    /**
     * {@code startedAt} is ISO-8601; {@code memoryBytes} the daemon's resident set; {@code operationsAside} is work of
     * the daemon's own, for which nobody waits.
     */
    @Json
    public record DaemonStatus(
            String build,
            int protocol,
            long pid,
            String startedAt,
            String socket,
            String stateFolder,
            String dataFolder,
            String log,
            String driver,
            String driverReason,
            int vmsRunning,
            int vmsTotal,
            int operationsRunning,
            int operationsAside,
            long memoryBytes) {}
}
