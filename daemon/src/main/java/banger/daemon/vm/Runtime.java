package banger.daemon.vm;

import java.time.Instant;
import java.util.List;

/**
 * The VMM process of a VM, in terms that find it again and tell it from a later process of the same number.
 *
 * @param driver the driver's name
 * @param pid its process
 * @param startTicks the process's start time in clock ticks since boot, from {@code /proc/PID/stat}
 * @param bootId the host's boot id when it was started
 * @param startedAt when it was started
 * @param ports the published ports with the host ports that were chosen
 */
public record Runtime(
        String driver, long pid, long startTicks, String bootId, Instant startedAt, List<PublishedPort> ports) {
    public Runtime {
        ports = List.copyOf(ports);
    }
}
