package banger.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code vm exec}: how a command is given, and how its end is told. */
class ExecTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "exec";

    @BeforeAll
    static void createVm() {
        HOME.create(VM);
        HOME.sh(VM, "useradd -m dev && mkdir -p /srv/here");
    }

    private static Outcome exec(String... words) {
        var line = new String[words.length + 2];
        line[0] = "vm";
        line[1] = "exec";
        System.arraycopy(words, 0, line, 2, words.length);
        return HOME.banger(line);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 124, 125, 126, 127, 128, 130, 254, 255})
    void itExitsWithTheCommandsCode(int code) {
        exec(VM, "sh", "-c", "exit " + code).exits(code);
    }

    @Test
    void everyExitCodeComesThrough() throws IOException {
        for (int code = 0; code <= 255; code++) {
            try (Rpc client = Rpc.connect(HOME)) {
                Rpc.Frame exit = client.exec(VM, false, "sh", "-c", "exit " + code)
                        .finish()
                        .exit();
                assertFalse(exit.killed());
                assertEquals(code, exit.exitStatus());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 13, 15, 31})
    void aSignalsNumberIsAddedTo128(int signal) {
        exec(VM, "sh", "-c", "kill -" + signal + " $$").exits(128 + signal);
    }

    @Test
    void aMissingCommandIs127AndNeverRan() {
        exec(VM, "no-such-command").failsInALine(127, "no-such-command", "never ran");
        exec(VM, "/no/such/command").failsInALine(127, "/no/such/command", "never ran");
    }

    @Test
    void whatCannotBeExecutedIs126AndNeverRan() {
        exec(VM, "/etc/passwd").failsInALine(126, "/etc/passwd", "never ran");
        exec(VM, "/etc").failsInALine(126, "/etc", "never ran");
    }

    @Test
    void bangersOwnFailuresAre125AndNeverRan() {
        exec("nobody", "true").failsInALine(125, "nobody", "never ran");
        exec("-u", "nobody-of-that-name", VM, "true").failsInALine(125, "nobody-of-that-name", "never ran");
        exec("-w", "/no/such/folder", VM, "true").failsInALine(125, "/no/such/folder", "never ran");
        exec("-w", "relative", VM, "true").failsInALine(125, "absolute", "never ran");
    }

    @Test
    void aCommandIsGivenAsItIs() {
        assertEquals(
                "<a b><><$HOME *><'\"\\><ä€😀><line\nfeed><-x><-->",
                exec(VM, "printf", "<%s>", "a b", "", "$HOME *", "'\"\\", "ä€😀", "line\nfeed", "-x", "--")
                        .text());
        assertEquals("--help -q", exec(VM, "--", "echo", "--help", "-q").text());
    }

    @Test
    void aVeryLongCommandIsRefusedAndALongOneRuns() {
        assertEquals(60_000, exec(VM, "printf", "%s", "x".repeat(60_000)).text().length());
        exec(VM, "true", "x".repeat(100_000)).failsInALine(125, "never ran");
    }

    @Test
    void outputsStayApart() {
        Outcome both = exec(VM, "sh", "-c", "echo out; echo err >&2").exits(0);
        assertEquals("out\n", both.out());
        assertEquals("err\n", both.err());
    }

    @Test
    void theEnvironmentIsASmallBaseAndWhatIsGiven() {
        String env = exec("-e", "GREETING=a b=c", "-e", "EMPTY=", "-e", "UNSET_HERE", VM, "env")
                .text();
        assertTrue(env.lines().anyMatch("GREETING=a b=c"::equals), env);
        assertTrue(env.lines().anyMatch("EMPTY="::equals), env);
        assertTrue(env.lines().anyMatch("HOME=/root"::equals), env);
        assertTrue(env.lines().anyMatch("LANG=C.UTF-8"::equals), env);
        assertFalse(env.contains("UNSET_HERE"), env);
        assertFalse(env.contains("XDG_STATE_HOME"), "the host's environment is none of the guest's: " + env);
    }

    @Test
    void aVariableWithoutValueIsTakenFromHere() {
        var builder = HOME.builder(Dist.BUILT.banger(), "vm", "exec", "-e", "FROM_HERE", VM, "printenv", "FROM_HERE");
        builder.environment().put("FROM_HERE", "it came");
        assertEquals("it came", Command.start(builder).waitFor().text());
    }

    @Test
    void itStartsInTheHomeOrWhereItIsTold() {
        assertEquals("/root", exec(VM, "pwd").text());
        assertEquals("/srv/here", exec("-w", "/srv/here", VM, "pwd").text());
        assertEquals("/home/dev", exec("-u", "dev", VM, "pwd").text());
    }

    @Test
    void aUserIsGivenByNameOrNumber() {
        assertEquals("root", exec(VM, "id", "-un").text());
        assertEquals(
                "dev dev",
                exec("-u", "dev", VM, "sh", "-c", "echo $(id -un) $USER").text());
        assertEquals(
                "dev", exec("-u", HOME.sh(VM, "id -u dev"), VM, "id", "-un").text());
        exec("-u", "dev", VM, "cat", "/etc/shadow").exits(1);
        assertEquals(
                "4711 0",
                exec("-u", "4711", VM, "sh", "-c", "echo $(id -u) $(id -G)").text());
        assertEquals(
                "4711 4712",
                exec("-u", "4711:4712", VM, "sh", "-c", "echo $(id -u) $(id -G)")
                        .text());
    }

    @Test
    void withoutInputItReadsNothing() {
        assertEquals("0", exec(VM, "sh", "-c", "wc -c").text());
    }

    @Test
    void megabytesOfAnyBytesGoBothWays() {
        byte[] bytes = new byte[8 << 20];
        new Random(1).nextBytes(bytes);
        Outcome there =
                HOME.start("vm", "exec", "-i", VM, "cat").input(bytes).waitFor().exits(0);
        assertArrayEquals(bytes, there.bytes());
        assertEquals("", there.err());
    }

    @Test
    void bothOutputsCarryMegabytesAtOnce() {
        Outcome outcome =
                exec(VM, "sh", "-c", "head -c 3000000 /dev/zero & head -c 2000000 /dev/zero | tr '\\0' e >&2; wait");
        outcome.exits(0);
        assertArrayEquals(new byte[3_000_000], outcome.bytes());
        assertEquals("e".repeat(2_000_000), outcome.err());
    }

    @Test
    void theEndOfTheInputIsPassedOn() {
        Outcome outcome = HOME.start("vm", "exec", "-i", VM, "sh", "-c", "cat; echo end")
                .input("last words".getBytes())
                .waitFor();
        assertEquals("last wordsend", outcome.text());
    }

    @Test
    void aCommandThatReadsNothingEndsAlthoughInputIsThere() {
        HOME.start("vm", "exec", "-i", VM, "sh", "-c", "exit 3")
                .input(new byte[4 << 20])
                .waitFor()
                .exits(3);
    }

    @Test
    void whatACommandLeavesRunningDoesNotHoldItUp() {
        exec(VM, "sh", "-c", "sleep 1000 & echo done").exits(0);
        HOME.sh(VM, "pkill -x sleep");
    }

    @Test
    void itRunsInASessionOfItsOwn() {
        assertEquals(
                "same",
                HOME.sh(VM, "set -- $(cut -d' ' -f5,6 /proc/$$/stat); [ $1 = $$ ] && [ $2 = $$ ] && echo same"));
    }

    @Test
    void aCommandLineWithoutACommandIsRefused() {
        exec().failsInALine(125, "VM");
        exec(VM).failsInALine(125, "command");
    }
}
