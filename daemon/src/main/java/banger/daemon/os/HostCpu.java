package banger.daemon.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The host's first CPU, as {@code /proc/cpuinfo} has it.
 *
 * @param model its name
 * @param flags what it can do, by the kernel's names
 */
public record HostCpu(String model, Set<String> flags, double bogomips) {
    /** It stays what it is while the host runs. */
    public static HostCpu ofThisHost() {
        return ThisHost.CPU;
    }

    private static final class ThisHost {
        static final HostCpu CPU = read();
    }

    private static HostCpu read() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            return new HostCpu(
                    value(lines, "model name", ""),
                    new HashSet<>(List.of(value(lines, "flags", "").split(" "))),
                    Double.parseDouble(value(lines, "bogomips", "0")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a guest that has seen this CPU may rely on. */
    public String fingerprint() {
        return model + " " + String.join(" ", new TreeSet<>(flags));
    }

    /** Whether the CPU runs guests itself: Intel's VT-x or AMD's SVM. */
    public boolean virtualizes() {
        return flags.contains("vmx") || flags.contains("svm");
    }

    private static String value(List<String> lines, String key, String otherwise) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return otherwise;
    }
}
