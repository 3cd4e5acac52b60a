package banger.daemon.debian;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One entry of apt's configured sources, such as a stanza of a {@code .sources} file.
 *
 * @param options what else decides whether it is trusted, by the names of the deb822 format: {@code Signed-By}
 */
record AptSource(List<String> uris, List<String> suites, List<String> components, Map<String, String> options) {
    AptSource {
        uris = List.copyOf(uris);
        suites = List.copyOf(suites);
        components = List.copyOf(components);
        options = new LinkedHashMap<>(options);
    }

    /** Whether nothing says that it is somebody else's: a source with a keyring of its own is a third party's. */
    boolean mayBeDebians() {
        String keyring = options.getOrDefault("Signed-By", "");
        return components.contains("main") && (keyring.isEmpty() || keyring.contains("debian-archive-"));
    }

    AptSource onlyMainOf(List<String> wantedSuites) {
        return new AptSource(
                uris, suites.stream().filter(wantedSuites::contains).toList(), List.of("main"), options);
    }

    /** As a stanza of sources.list(5)'s deb822 format. */
    String stanza() {
        return "Types: deb\nURIs: " + String.join(" ", uris) + "\nSuites: " + String.join(" ", suites)
                + "\nComponents: " + String.join(" ", components) + "\n"
                + options.entrySet().stream()
                        .map(option -> option.getKey() + ": " + option.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
