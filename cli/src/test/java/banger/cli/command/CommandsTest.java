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

    @Test
    void theBashCompletionIsAScriptThatOffersCommandsAndOptions() throws Exception {
        String script = CompletionScript.bash()
                + "COMP_WORDS=(banger vm st); COMP_CWORD=2; _banger; echo ${COMPREPLY[*]}\n"
                + "COMP_WORDS=(banger ps --fo); COMP_CWORD=2; _banger; echo ${COMPREPLY[*]}\n"
                + "banger() { [ \"$*\" = '__names vm' ] && echo beta gamma; }\n"
                + "COMP_WORDS=(banger vm stop be); COMP_CWORD=3; _banger; echo ${COMPREPLY[*]}\n";
        assertEquals("start stop stats\n--format\nbeta\n", bash(script));
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
