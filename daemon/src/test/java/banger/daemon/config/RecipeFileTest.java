package banger.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.build.Recipe;
import banger.daemon.build.Step;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeFileTest {
    @TempDir
    Path folder;

    @Test
    void everyKeyIsRead() throws IOException {
        Recipe recipe = read("""
                from = "debian"
                packages = ["jq", "libc6-dev"]
                npm = ["@scope/tool@1.2.3"]
                steps = [
                    "useradd -m dev",
                    { copy = "conf/app.service", to = "/etc/systemd/system/" },
                    { run = "systemctl daemon-reload" },
                ]
                services = ["app.service"]
                readiness = ["tcp:4096", "path:/run/app"]
                user = "dev"
                step_timeout = "2m"

                [env]
                APP_MODE = "test"
                """);
        assertEquals(
                new Recipe(
                        "debian",
                        List.of(
                                new Step.Install(List.of("jq", "libc6-dev")),
                                new Step.Npm(List.of("@scope/tool@1.2.3")),
                                new Step.Run("useradd -m dev"),
                                new Step.Copy(folder.resolve("conf/app.service"), "/etc/systemd/system/"),
                                new Step.Run("systemctl daemon-reload"),
                                new Step.Enable(List.of("app.service"))),
                        Map.of("APP_MODE", "test"),
                        "dev",
                        List.of("tcp:4096", "path:/run/app"),
                        Duration.ofMinutes(2)),
                recipe);
    }

    @Test
    void anEmptyRecipeLeavesAllToWhoeverBuilds() throws IOException {
        assertEquals(Recipe.EMPTY, read(""));
    }

    @Test
    void everyFaultIsReportedWithItsLine() {
        String message = refused("""
                form = "debian"
                packages = "jq"
                steps = [1, { copy = "x" }, { rum = "x" }]
                readiness = ["moon", "tcp:65536"]
                services = ["--now"]
                env.A = 1
                """);
        assertTrue(message.contains("line 1: unknown key form; did you mean from?"), message);
        assertTrue(message.contains("line 2: packages is \"jq\": expected a list"), message);
        assertTrue(message.contains("line 3: a step is a script in quotes"), message);
        assertTrue(message.contains("line 3: a step has either run, or copy and to"), message);
        assertTrue(message.contains("unknown key rum of a step; did you mean run?"), message);
        assertTrue(message.contains("line 4: \"moon\" is no condition"), message);
        assertTrue(message.contains("line 4: \"tcp:65536\" is no condition"), message);
        assertTrue(message.contains("line 5: \"--now\" is no name of a service"), message);
        assertTrue(message.contains("env.A must be text in quotes"), message);
    }

    @Test
    void whatIsNoTomlIsSaidWithItsLine() {
        assertTrue(refused("\nfrom = \n").contains("line 2"));
    }

    @Test
    void aRecipeThatIsNotThereIsNotAnEmptyOne() {
        var problem = assertThrows(Problem.class, () -> RecipeFile.read(folder.resolve("none.toml")));
        assertEquals(Problem.Kind.NOT_FOUND, problem.kind());
    }

    private String refused(String text) {
        return String.valueOf(assertThrows(Problem.class, () -> read(text)).getMessage());
    }

    private Recipe read(String text) throws IOException {
        return RecipeFile.read(Files.writeString(folder.resolve("banger.toml"), text));
    }
}
