package banger.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The host's processes, as /proc shows them. */
final class HostProcesses {
    /** A process and its command line. */
    record Entry(long pid, String line) {}

    private HostProcesses() {}

    /** Those that live with a home of the tests: in their environment or on their command line. */
    static List<Entry> of(Path home) {
        var found = new ArrayList<Entry>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                String line = read(process.resolve("cmdline")).replace('\0', ' ');
                String environment = read(process.resolve("environ"));
                long pid = Long.parseLong(process.getFileName().toString());
                // A zombie has no command line; whoever started it takes it away.
                if (!line.isEmpty()
                        && pid != ProcessHandle.current().pid()
                        && (line.contains(home + "/") || (environment + "\0").contains("HOME=" + home + "\0"))) {
                    found.add(new Entry(pid, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Resident memory in bytes. */
    static long residentBytes(long pid) {
        return read(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    static boolean isAlive(long pid) {
        return !read(Path.of("/proc/" + pid + "/cmdline")).isEmpty();
    }

    /** SIGKILL, and waits until it is gone. */
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Wait.until("the end of process " + pid, () -> !isAlive(pid));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile, or is somebody else's.
            return "";
        }
    }
}
