package banger.daemon.network;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The kernel's group of network devices that one banger's TAP devices are in, by which its packet filter tells them
 * from others' before it knows their VMs: the names are alike, and what asks for a frame's bridge is a module that not
 * every kernel has.
 */
final class PortGroup {
    /** {@code ip} takes no larger number than that of 31 bits; 0 is the group of all others. */
    private static final long BITS = 0x7fff_ffff;

    private PortGroup() {}

    /** @param owner the mark of all that is that banger's */
    static long of(String owner) {
        var sum = new CRC32();
        sum.update(owner.getBytes(StandardCharsets.UTF_8));
        return Math.max(1, sum.getValue() & BITS);
    }
}
