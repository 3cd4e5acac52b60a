package banger.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where this host gets packages from, as environment variables: its own variables, then what the files of npm and pip
 * say where a variable does not. Values that lead to files of the host are left out, as guests have none of them.
 */
final class HostRegistries {
    private static final System.Logger LOG = System.getLogger(HostRegistries.class.getName());
    private static final long MAX_BYTES = 1 << 20;

    /** Variables that are handed on as they are. */
    private static final List<String> HANDED_ON = List.of(
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "no_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "npm_config_registry",
            "NPM_CONFIG_REGISTRY",
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "UV_DEFAULT_INDEX",
            "UV_INDEX_URL",
            "GOPROXY",
            "GOSUMDB",
            "RUSTUP_DIST_SERVER",
            "RUSTUP_UPDATE_ROOT");

    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z_-]+)\\s*=\\s*(\\S.*?)\\s*");

    private final Map<String, String> environment;

    HostRegistries(Map<String, String> environment) {
        this.environment = environment;
    }

    Map<String, String> variables() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : HANDED_ON) {
            put(found, name, environment.getOrDefault(name, ""));
        }
        // The first file that says something wins, as each has it with the more particular ones first.
        for (Path file : npmFiles()) {
            if (!found.containsKey("npm_config_registry") && !found.containsKey("NPM_CONFIG_REGISTRY")) {
                put(found, "npm_config_registry", setting(file, "registry"));
            }
        }
        for (Path file : pipFiles()) {
            if (!found.containsKey("PIP_INDEX_URL")) {
                put(found, "PIP_INDEX_URL", setting(file, "index-url"));
            }
            if (!found.containsKey("PIP_EXTRA_INDEX_URL")) {
                put(found, "PIP_EXTRA_INDEX_URL", setting(file, "extra-index-url"));
            }
        }
        return found;
    }

    private List<Path> npmFiles() {
        List<Path> files = new ArrayList<>();
        named("NPM_CONFIG_USERCONFIG", files);
        home(".npmrc", files);
        files.add(Path.of("/etc/npmrc"));
        return files;
    }

    private List<Path> pipFiles() {
        List<Path> files = new ArrayList<>();
        named("PIP_CONFIG_FILE", files);
        home(".config/pip/pip.conf", files);
        home(".pip/pip.conf", files);
        files.add(Path.of("/etc/pip.conf"));
        return files;
    }

    private void named(String variable, List<Path> files) {
        String value = environment.getOrDefault(variable, "");
        if (value.startsWith("/")) {
            files.add(Path.of(value));
        }
    }

    private void home(String name, List<Path> files) {
        String home = environment.getOrDefault("HOME", "");
        if (home.startsWith("/")) {
            files.add(Path.of(home, name));
        }
    }

    private static void put(Map<String, String> found, String name, String value) {
        boolean ofThisHost = value.contains("file:") || value.startsWith("/");
        // A variable within a value is the host's; a control character would end the line that holds it.
        boolean plain = !value.contains("${") && value.chars().noneMatch(Character::isISOControl);
        if (!value.isBlank() && !ofThisHost && plain) {
            found.put(name, value);
        }
    }

    /** The setting of that name, or "". */
    private static String setting(Path file, String name) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return "";
            }
            for (String line : Files.readAllLines(file)) {
                Matcher matcher = SETTING.matcher(line);
                if (matcher.matches() && matcher.group(1).equals(name)) {
                    return matcher.group(2).replaceAll("^\"|\"$", "");
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be read: {1}", file, e.getMessage());
        }
        return "";
    }
}
