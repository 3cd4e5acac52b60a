package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says of itself. */
class MessagesTest {
    @RegisterExtension
    static final Home HOME = Home.empty();

    @Test
    void theVersionNamesTheBuild() throws IOException {
        assertTrue(HOME.banger("version").text().contains(Dist.BUILT.build()));
    }

    @Test
    void bangerAndItsTopicsPrintAQuickReference() {
        assertTrue(HOME.banger().text().contains("banger vm run"));
        String vm = HOME.banger("vm").text();
        for (String word : new String[] {"create", "exec", "stop", "delete", "logs"}) {
            assertTrue(vm.contains("banger vm " + word), vm);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ps",
                "vm create",
                "vm run",
                "vm list",
                "vm show",
                "vm start",
                "vm stop",
                "vm restart",
                "vm kill",
                "vm delete",
                "vm exec",
                "vm logs",
                "vm ports",
                "vm stats",
                "image list",
                "image show",
                "image bootstrap",
                "daemon status",
                "daemon start",
                "daemon stop",
                "daemon restart",
                "daemon logs",
                "doctor",
                "version",
                "completion",
                "operation list",
                "operation watch",
                "operation cancel"
            })
    void everyCommandExplainsItself(String command) {
        String help = HOME.banger((command + " --help").split(" ")).text();
        assertTrue(help.contains("Usage: banger " + command), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completionIsAScriptThatItsShellTakes(String shell) throws IOException {
        String script = HOME.banger("completion", shell).text();
        assertTrue(script.contains("banger"), script);
        if (Files.isExecutable(Path.of("/usr/bin", shell))) {
            Path file = Files.writeString(HOME.folder().resolve("completion." + shell), script);
            Command.ok(shell, "-n", file.toString());
        }
    }

    @Test
    void aFirstUseIsToldWhatComesNext() {
        HOME.banger("vm", "create").failsInALine(1, "debian", "banger image bootstrap");
        assertEquals("", HOME.banger("ps", "-q").text());
        assertEquals("[]", HOME.banger("image", "list", "--format", "json").text());
    }
}
