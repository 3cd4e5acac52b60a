package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The CLI on a real terminal. */
class TerminalTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String BANGER = Dist.BUILT.banger().toString();
    private static final String VM = "screen";

    @BeforeAll
    static void createVm() {
        HOME.create(VM);
    }

    private static Terminal exec(String words) {
        return Terminal.run(HOME, 100, 30, BANGER + " vm exec " + words);
    }

    @Test
    void theCommandGetsATerminalOfTheSameSize() {
        try (Terminal terminal = exec("-it " + VM + " sh -c 'stty size; tty; echo $TERM'")) {
            terminal.await("[exit 0]").await("30 100").await("/dev/pts/").await("tmux");
        }
    }

    @Test
    void aResizeIsPassedOn() {
        try (Terminal terminal =
                exec("-it " + VM + " bash -c 'trap \"stty size\" WINCH; echo ready; while :; do sleep 0.1; done'")) {
            terminal.await("ready");
            terminal.resize(120, 40);
            terminal.await("40 120");
        }
    }

    @Test
    void whatIsTypedReachesAShellAndItsEndIsTheExitCode() {
        try (Terminal terminal = exec("-it " + VM + " bash --norc")) {
            terminal.await("bash-").type("echo $((6*7)) typed", "Enter").await("42 typed");
            terminal.type("exit 5", "Enter").await("[exit 5]");
        }
    }

    @Test
    void controlCIsTheGuestsOnARawTerminal() {
        try (Terminal terminal = exec("-it " + VM + " bash --norc")) {
            terminal.await("bash-").type("sleep 1005", "Enter");
            Wait.until(
                    "sleep in the guest",
                    () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "sleep 1005")
                                    .exit()
                            == 0);
            terminal.type("C-c");
            terminal.type("echo code $?", "Enter").await("code 130");
            terminal.type("C-d").await("[exit ");
        }
    }

    @Test
    void controlCWithoutATerminalInTheGuestIsPassedOnAsASignal() {
        try (Terminal terminal =
                exec(VM + " sh -c 'trap \"echo interrupted; exit 3\" INT; echo ready; while :; do sleep 0.1; done'")) {
            terminal.await("ready").type("C-c").await("interrupted").await("[exit 3]");
        }
    }

    @Test
    void theTerminalIsAsItWasWhenTheCommandHasEnded() throws IOException {
        try (Terminal terminal = exec("-it " + VM + " true")) {
            terminal.await("[exit 0]").await("settings-are-known");
            String settings = Files.readString(HOME.folder().resolve("stty"));
            assertTrue(settings.contains(" echo ") && settings.contains(" icanon"), settings);
        }
    }

    @Test
    void aTerminalThatIsClosedHangsTheCommandUp() {
        try (Terminal terminal = exec("-it " + VM + " sleep 1006")) {
            Wait.until(
                    "sleep in the guest",
                    () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "sleep 1006")
                                    .exit()
                            == 0);
        }
        Wait.until(
                "its end",
                () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", "sleep 1006")
                                .exit()
                        == 1);
    }

    @Test
    void creatingShowsASingleLineThatIsUpdated() {
        try (Terminal terminal = Terminal.run(HOME, 100, 30, BANGER + " vm create --name on-screen")) {
            terminal.await("[exit 0]");
            String screen = terminal.screen();
            assertTrue(screen.contains("on-screen"), screen);
            assertTrue(screen.lines().filter(line -> !line.isBlank()).count() <= 5, screen);
        }
        HOME.banger("vm", "delete", "on-screen").exits(0);
    }

    @Test
    void controlCWhileCreatingDetaches() {
        String operation;
        try (Terminal terminal = Terminal.run(HOME, 100, 30, BANGER + " vm create --cold --name detached")) {
            terminal.await("booting").type("C-c").await("[exit 130]").await("banger operation watch op-");
            operation = terminal.screen().replaceAll("(?s).*operation watch (op-[a-z0-9-]+).*", "$1");
        }
        assertEquals("detached", HOME.banger("operation", "watch", operation).text());
        assertEquals("running", HOME.vmState("detached"));
        HOME.banger("vm", "delete", "detached").exits(0);
    }
}
