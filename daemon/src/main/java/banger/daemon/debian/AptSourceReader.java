package banger.daemon.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a host's apt sources in both formats of sources.list(5). Entries for sources of programs are left out. */
final class AptSourceReader {
    private static final Pattern ONE_LINE = Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");
    /** The options that matter for trust; apt's names for them in the one-line format are these in lower case. */
    private static final List<String> OPTIONS = List.of("Signed-By", "Trusted", "Check-Valid-Until");

    private AptSourceReader() {}

    /** All entries below apt's folder, such as {@code /etc/apt}; files that cannot be read are left out. */
    static List<AptSource> readAll(Path apt) {
        List<AptSource> sources = new ArrayList<>();
        List<Path> files = new ArrayList<>(List.of(apt.resolve("sources.list")));
        try (Stream<Path> parts = Files.list(apt.resolve("sources.list.d"))) {
            files.addAll(parts.sorted().toList());
        } catch (IOException e) {
            // The folder is optional.
        }
        for (Path file : files) {
            String text;
            try {
                text = Files.readString(file);
            } catch (IOException e) {
                continue;
            }
            if (file.toString().endsWith(".list")) {
                sources.addAll(oneLine(text));
            } else if (file.toString().endsWith(".sources")) {
                sources.addAll(deb822(text));
            }
        }
        return sources;
    }

    static List<AptSource> oneLine(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher entry = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (entry.matches()) {
                Map<String, String> options = new LinkedHashMap<>();
                for (String option : words(entry.group(1) == null ? "" : entry.group(1))) {
                    String[] pair = option.split("=", 2);
                    OPTIONS.stream()
                            .filter(name -> pair.length == 2
                                    && name.toLowerCase(Locale.ROOT).equals(pair[0]))
                            .forEach(name -> options.put(name, pair[1]));
                }
                sources.add(new AptSource(
                        List.of(entry.group(2)), List.of(entry.group(3)), words(entry.group(4)), options));
            }
        }
        return sources;
    }

    static List<AptSource> deb822(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String stanza : text.split("\n[ \t]*\n")) {
            Map<String, String> fields = fields(stanza);
            if (words(fields.getOrDefault("types", "")).contains("deb")
                    && !fields.getOrDefault("enabled", "yes").equals("no")) {
                Map<String, String> options = new LinkedHashMap<>();
                for (String name : OPTIONS) {
                    String value = fields.get(name.toLowerCase(Locale.ROOT));
                    if (value != null) {
                        options.put(name, value);
                    }
                }
                sources.add(new AptSource(
                        words(fields.getOrDefault("uris", "")),
                        words(fields.getOrDefault("suites", "")),
                        words(fields.getOrDefault("components", "")),
                        options));
            }
        }
        return sources;
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new LinkedHashMap<>();
        String name = "";
        for (String line : stanza.split("\n")) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ") || line.startsWith("\t")) {
                // A further line of a value: a key that stands in the file itself is such a value.
                fields.computeIfPresent(name, (key, value) -> value + "\n" + line);
            } else if (line.contains(":")) {
                name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                fields.put(name, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return fields;
    }

    private static List<String> words(String text) {
        return Stream.of(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
