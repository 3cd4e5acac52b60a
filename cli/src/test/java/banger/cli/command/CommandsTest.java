package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class CommandsTest {
    static final List<String> paths = Commands.PATHS;

    @ParameterizedTest
    @FieldSource("paths")
    void everyCommandExplainsItselfWithExamples(String path) {
        CliCommand command = Commands.of(path);
        assertNotNull(command, path);
        String help = HelpText.of(path, command);
        assertTrue(help.startsWith("Usage: banger " + path), help);
        assertTrue(help.contains("-h, --help"), help);
        assertTrue(help.substring(help.indexOf("Examples:")).contains("banger " + path), help);
    }

    @ParameterizedTest
    @FieldSource("paths")
    void everyCommandIsInTheQuickReferenceOfItsGroup(String path) {
        int space = path.indexOf(' ');
        String group = space < 0 ? "" : path.substring(0, space);
        assertEquals(space > 0, Commands.isGroup(path.substring(0, Math.max(0, space))));
        String reference = QuickReference.of(group);
        assertTrue(reference.contains(path.substring(space + 1)), path + " in " + reference);
    }

    @ParameterizedTest
    @FieldSource("paths")
    void helpIsNotRun(String path) {
        CliCommand command = Commands.of(path);
        assertNotNull(command);
        assertEquals(false, CommandLine.parse(path, command, List.of("--help")));
    }

    @Test
    void anUnknownPathHasNoCommand() {
        assertNull(Commands.of("vm fly"));
        assertNull(Commands.of(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vm st | start stop stats",
                "vm snapshot re | restore",
                "ps --fo | --format",
                "ps --format j | json",
                "vm create --network b | bridge",
                "vm create --image de | debian",
                "vm stop be | beta",
                "vm suspend be | beta",
                "vm snapshot restore be | beta",
                "vm workspace show be | beta",
                "vm workspace prepare --guest | --guest-path",
                "vm exec beta -- ls --format j | ''",
                "image delete de | debian",
                "template delete f | f00d"
            })
    void theBashCompletionOffersWhatFits(String line, String offered) throws Exception {
        String[] words = line.split(" ");
        String script = CompletionScript.bash()
                + "banger() { case $* in '__names vm') echo beta gamma ;; '__names image') echo debian ;; "
                + "'__names template') echo f00d ;; esac }\n"
                + "COMP_WORDS=(banger " + line + "); COMP_CWORD=" + words.length + "; _banger; echo ${COMPREPLY[*]}\n";
        assertEquals(offered, bash(script).strip());
    }

    @ParameterizedTest
    @FieldSource("paths")
    void everyShellsCompletionKnowsEveryCommand(String path) {
        assertTrue(CompletionScript.bash().contains("\"" + path + " \"*) offered="), path);
        assertTrue(CompletionScript.zsh().contains("\"" + path + " \"*) offered="), path);
        assertTrue(CompletionScript.fish().contains("'__banger_at " + path + "'"), path);
    }

    private static String bash(String script) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "--norc", "-c", script)
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        String output = new String(bash.getInputStream().readAllBytes());
        assertTrue(bash.waitFor(60, TimeUnit.SECONDS));
        return output;
    }
}
