package banger.daemon.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP connections with an end on this host, as the kernel lists them (proc(5): {@code net/tcp}). */
public final class TcpConnections {
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final String ESTABLISHED = "01";

    private TcpConnections() {}

    /** The ports at either end of those that are established. */
    public static Set<Integer> ports() {
        var ports = new HashSet<Integer>();
        for (Path table : TABLES) {
            if (!Files.exists(table)) {
                // A kernel without IPv6.
                continue;
            }
            try (Stream<String> lines = Files.lines(table)) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields[STATE].equals(ESTABLISHED))
                        .forEach(fields -> ports.addAll(List.of(port(fields[LOCAL]), port(fields[REMOTE]))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return ports;
    }

    private static int port(String end) {
        return Integer.parseInt(end.substring(end.indexOf(':') + 1), 16);
    }
}
