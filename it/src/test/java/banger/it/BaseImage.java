package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The debian image of this test run, with templates of it: made once by the program, and shared with each home by hard
 * links, so none may write into its files.
 */
final class BaseImage {
    private static @Nullable Home made;

    private BaseImage() {}

    /** Gives a home that was never used the image, its kernel, the templates and the database as they were left. */
    static void shareWith(Home home) {
        Home from = home();
        Command.ok(
                "cp", "-al", from.data().toString(), home.folder().resolve("d").toString());
        copyDatabaseAndKey(from, home);
    }

    /** The same for a home whose data is on another file system: by symbolic links. */
    static void linkInto(Home home) {
        Home from = home();
        try {
            Files.createDirectories(home.data());
            for (String part : new String[] {"layers", "seeds", "kernels"}) {
                Files.createSymbolicLink(home.data().resolve(part), from.data().resolve(part));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        copyDatabaseAndKey(from, home);
    }

    private static synchronized Home home() {
        Home from = made;
        if (from == null) {
            from = bootstrap();
            made = from;
        }
        return from;
    }

    /** The image's work seed lets this SSH key in; another would have it made anew. */
    private static void copyDatabaseAndKey(Home from, Home to) {
        try {
            Files.createDirectories(to.state());
            Files.copy(from.database(), to.database());
            Files.createDirectories(to.keys());
            for (String key : new String[] {"id_ed25519", "id_ed25519.pub"}) {
                Files.copy(from.keys().resolve(key), to.keys().resolve(key), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Home bootstrap() {
        Home home = Home.empty();
        home.banger("image", "bootstrap").exits(0);
        assertEquals("debian", home.banger("image", "list", "-q").text());
        for (String network : new String[] {"user", "none"}) {
            home.configure("[defaults]\nnetwork = \"" + network + "\"\n");
            home.banger("daemon", "restart").exits(0);
            home.banger("image", "warm", "debian").exits(0);
        }
        home.banger("daemon", "stop").exits(0);
        Path folder = home.folder();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            HostProcesses.of(folder).forEach(process -> HostProcesses.kill(process.pid()));
            Command.start(new ProcessBuilder("rm", "-rf", folder.toString())).waitFor();
        }));
        return home;
    }
}
