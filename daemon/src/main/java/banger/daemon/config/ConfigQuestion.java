package banger.daemon.config;

import banger.daemon.problem.Problem;
import banger.daemon.vm.HostTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person asks of the settings by {@code banger config}. */
public final class ConfigQuestion {
    private ConfigQuestion() {}

    /**
     * The answer's text.
     *
     * @param words one of {@code show}, {@code path} and {@code check}
     * @param certificates what guests are given where the file does not say
     * @throws Problem where the file is at fault, with all that is wrong with it
     */
    public static String answer(List<String> words, Path file, @Nullable Path certificates) {
        return switch (String.join(" ", words)) {
            case "path" -> file + "\n";
            case "show" -> ConfigListing.of(ConfigFile.load(file, certificates), ConfigFile.defaults(certificates));
            case "check" -> {
                Config config = ConfigFile.load(file, certificates);
                if (config.caCertificates() != null) {
                    HostTrust.pem(config.caCertificates());
                }
                yield file + (Files.exists(file) ? ": all is well\n" : " is not there: defaults\n");
            }
            default ->
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT, "config: expected show, path or check", "banger config show");
        };
    }
}
