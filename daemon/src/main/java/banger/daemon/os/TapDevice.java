package banger.daemon.os;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** TAP devices of the host: the host's ends of machines' network devices. */
public final class TapDevice {
    /** What makes and opens them. */
    public static final Path CONTROL = Path.of("/dev/net/tun");

    private static final int O_RDWR = 2;
    private static final int INTERFACE_REQUEST_BYTES = 40;
    private static final int FLAGS_AT = 16;
    private static final short IFF_TAP_WITHOUT_PACKET_INFORMATION = 0x1002;
    private static final long TUNSETIFF = 0x4004_54caL;
    private static final long TUNSETOWNER = 0x4004_54ccL;

    private TapDevice() {}

    /** Whether this process could open one. */
    public static boolean available() {
        return Files.isReadable(CONTROL) && Files.isWritable(CONTROL);
    }

    /** Lets a user's processes, and none of another user's without privileges, attach to a persistent TAP device. */
    public static void giveTo(String name, long user) {
        try (Arena arena = Arena.ofConfined()) {
            int control = Libc.open(CONTROL, O_RDWR, 0);
            try {
                MemorySegment request = arena.allocate(INTERFACE_REQUEST_BYTES);
                request.setString(0, name);
                request.set(ValueLayout.JAVA_SHORT, FLAGS_AT, IFF_TAP_WITHOUT_PACKET_INFORMATION);
                Libc.ioctl(control, TUNSETIFF, request);
                Libc.ioctl(control, TUNSETOWNER, Math.toIntExact(user));
            } finally {
                Libc.close(control);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "tap device " + name + " cannot be given to user " + user + ": " + e.getMessage());
        }
    }
}
