package banger.daemon.workspace;

import banger.daemon.os.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/**
 * Files whose lines end in a carriage return, which {@code git am} takes away from a patch's lines unless it is told not
 * to: a repository's attributes make git write them into patches as binary ones, which come through.
 */
final class CarriageReturns {
    private CarriageReturns() {}

    /** Marks those that the commits change. @param commits as {@code git log} has them */
    static void keep(Path repository, List<String> commits) throws IOException {
        var arguments = new ArrayList<>(List.of(repository.toString()));
        arguments.addAll(commits);
        Command.of(Script.HOST_RETURNS.argv(arguments)).named("git").succeed();
        var ids = new HashSet<>(Files.readAllLines(repository.resolve("returns.ids")));
        List<String> raw = Snapshot.names(Files.readAllBytes(repository.resolve("returns.raw")));
        var lines = new TreeSet<String>();
        for (int i = 0; i + 1 < raw.size(); i += 2) {
            String[] fields = raw.get(i).split(" ");
            if (ids.contains(fields[2]) || ids.contains(fields[3])) {
                lines.add(pattern(raw.get(i + 1)) + " -diff");
            }
        }
        Path attributes = Files.createDirectories(repository.resolve("info")).resolve("attributes");
        Files.write(attributes, lines, StandardCharsets.ISO_8859_1);
    }

    /** As {@code gitattributes(5)} has it, for that file alone. */
    private static String pattern(String path) {
        var text = new StringBuilder("\"/");
        for (char each : path.toCharArray()) {
            switch (each) {
                // Once for the pattern, and both of them for the quotes.
                case '\\' -> text.append("\\\\\\\\");
                case '*', '?', '[' -> text.append("\\\\").append(each);
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(each);
            }
        }
        return text.append('"').toString();
    }
}
