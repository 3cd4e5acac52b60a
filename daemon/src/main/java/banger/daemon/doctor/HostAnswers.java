package banger.daemon.doctor;

import banger.daemon.network.BridgeRequirements;
import banger.daemon.os.Command;
import banger.daemon.os.Programs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the checks of the network ask the host; tests answer themselves.
 *
 * @param settings where the kernel's settings of the network are
 * @param requirements throws a Problem where there can be no bridge
 * @param program what a program with arguments prints, where it is there and succeeds
 */
record HostAnswers(Path settings, Runnable requirements, Function<List<String>, Optional<String>> program) {
    static final HostAnswers REAL =
            new HostAnswers(Path.of("/proc/sys/net"), BridgeRequirements::check, HostAnswers::printed);

    Optional<String> ask(String... line) {
        return program.apply(List.of(line));
    }

    private static Optional<String> printed(List<String> line) {
        if (Programs.find(line.getFirst()).isEmpty()) {
            return Optional.empty();
        }
        var result = Command.of(line).run();
        return result.status() == 0 ? Optional.of(result.output()) : Optional.empty();
    }
}
