package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code banger config}, which asks no daemon. */
class ConfigTest {
    @Test
    void theSettingsAreShownTheirFileIsNamedAndItsFaultsAreTold() throws IOException {
        try (Home home = Home.empty()) {
            Path file = home.folder().resolve("c/banger/config.toml");
            assertEquals(file.toString(), home.banger("config", "path").exits(0).text());
            assertEquals(
                    file + " is not there: defaults",
                    home.banger("config", "check").exits(0).text());
            home.configureWholly("stop_grace = \"2m\"\n[pool]\nsize = 1\n");
            assertEquals(
                    file + ": all is well",
                    home.banger("config", "check").exits(0).text());
            String shown = home.banger("config", "show").exits(0).out();
            assertTrue(shown.contains("stop_grace = \"120s\"\n") && shown.contains("size = 1\n"), shown);
            home.configureWholly("drivr = \"qemu\"\n[pool]\nsize = \"two\"\n");
            for (String question : new String[] {"check", "show"}) {
                Outcome outcome = home.banger("config", question).exits(1);
                assertTrue(outcome.err().contains("line 1: unknown key drivr; did you mean driver?"), outcome.err());
                assertTrue(outcome.err().contains("line 3: pool.size is \"two\""), outcome.err());
                assertTrue(outcome.err().contains("config.example.toml"), outcome.err());
            }
            home.banger("daemon", "status").exits(1);
            home.configureWholly("");
            home.banger("ps").exits(0);
            home.configureWholly("drivr = \"qemu\"\n");
            home.banger("daemon", "restart").fails(1, "line 1: unknown key drivr");
            home.banger("daemon", "status").exits(0);
        }
    }

    @Test
    void theExampleIsPartOfTheProgram() {
        assertTrue(Files.exists(Dist.BUILT.banger().resolveSibling("../config.example.toml")));
    }
}
