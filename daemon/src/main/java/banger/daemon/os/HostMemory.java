package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's memory, as {@code /proc/meminfo} has it. */
public final class HostMemory {
    private static final String AVAILABLE = "MemAvailable:";

    private HostMemory() {}

    /** The same; nothing where it cannot be told. */
    public static long availableOrNone() {
        try {
            return availableBytes();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What programs can still have without swapping. */
    public static long availableBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith(AVAILABLE)) {
                return Long.parseLong(line.substring(AVAILABLE.length()).strip().split(" ")[0]) << 10;
            }
        }
        throw new IOException("/proc/meminfo has no " + AVAILABLE);
    }
}
