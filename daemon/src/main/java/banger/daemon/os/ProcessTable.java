package banger.daemon.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes of the host whose command lines this user may read. */
public final class ProcessTable {
    private ProcessTable() {}

    /** A process and its command line, arguments apart. */
    public record Entry(HostProcess process, List<String> argv) {}

    /** What runs now; kernel threads and what has just ended are left out. */
    public static List<Entry> list() {
        try (Stream<Path> folders = Files.list(Path.of("/proc"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .flatMap(pid -> HostProcess.of(pid).stream())
                    .map(process -> new Entry(process, List.of(HostProcess.commandLine(process.pid()))))
                    .filter(entry -> !entry.argv().isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be read", e);
        }
    }
}
