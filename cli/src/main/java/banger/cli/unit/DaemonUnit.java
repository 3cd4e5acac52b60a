package banger.cli.unit;

import banger.cli.session.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's unit of systemd: its file, what belongs into it, and the manager that reads it.
 *
 * @param manager of this user, or of the host
 */
public record DaemonUnit(Path file, String text, Systemd manager) {
    public static final String NAME = "bangerd.service";
    /** Whose members may use the host's daemon. */
    public static final String GROUP = "banger";

    private static final Path OF_HOST = Path.of("/etc/systemd/system", NAME);

    /** The unit of this user. @throws CliFailure where the environment names no home */
    public static DaemonUnit ofUser(Path program, Map<String, String> environment) {
        String config = environment.get("XDG_CONFIG_HOME");
        String home = environment.get("HOME");
        boolean named = config != null && config.startsWith("/");
        if (!named && (home == null || !home.startsWith("/"))) {
            throw new CliFailure("HOME is not set, so there is no folder for units", "set HOME");
        }
        Path folder = named ? Path.of(config) : Path.of(home, ".config");
        return new DaemonUnit(
                folder.resolve("systemd/user").resolve(NAME), UnitText.ofUser(program, environment), Systemd.USER);
    }

    public static DaemonUnit ofHost(Path program, Map<String, String> environment) {
        return new DaemonUnit(OF_HOST, UnitText.ofHost(program, GROUP, environment), Systemd.HOST);
    }

    /** Whether the file is there and says what this program and this environment would have it say. */
    public boolean isCurrent() throws IOException {
        return text.equals(read());
    }

    /** Puts the file in place. @throws CliFailure where one is there that banger did not write */
    public void write() throws IOException {
        requireOurs("left as it is");
        Path folder = file.resolveSibling("");
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(
                folder,
                ".bangerd",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, text);
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Whether the file is there. @throws CliFailure where it is and banger did not write it */
    public boolean isInstalled() throws IOException {
        return requireOurs("not removed");
    }

    public void remove() throws IOException {
        requireOurs("not removed");
        Files.deleteIfExists(file);
    }

    private boolean requireOurs(String consequence) throws IOException {
        String found = read();
        if (found != null && !found.startsWith(UnitText.MARK + "\n")) {
            throw new CliFailure(
                    file + " is not of banger's making (its first line does not say so), and is " + consequence,
                    "banger daemon install --print");
        }
        return found != null;
    }

    private @Nullable String read() throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
