package banger.daemon.debian;

import banger.daemon.os.Command;
import banger.daemon.os.Programs;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the host's apt reaches its mirrors: lines of an apt.conf, such as {@code Acquire::http::Proxy "…";}. */
public final class AptSettings {
    private static final List<String> WANTED = List.of(
            "Acquire::http::",
            "Acquire::https::",
            "Acquire::Check-Valid-Until ",
            "Acquire::Check-Date ",
            "Acquire::Force");

    private @Nullable List<String> known;

    /** Asked of apt once, as that starts a program. */
    public synchronized List<String> lines() {
        List<String> lines = known;
        if (lines == null) {
            lines = ofHost();
            known = lines;
        }
        return lines;
    }

    /** Nothing where the host has no apt. */
    static List<String> ofHost() {
        if (Programs.find("apt-config").isEmpty()) {
            return List.of();
        }
        Stream<String> lines =
                Command.of("apt-config", "dump", "Acquire").succeed().lines();
        return lines.filter(line -> WANTED.stream().anyMatch(line::startsWith))
                .filter(line -> !line.endsWith(" \"\";"))
                .toList();
    }
}
