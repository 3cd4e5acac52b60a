package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandsTest {
    @Test
    void outputAndErrorsComeApart() {
        Commands.Result result =
                Command.of("sh", "-c", "echo out; echo err >&2; exit 3").run();
        assertEquals(new Commands.Result(3, "out\n", "err\n"), result);
    }

    @Test
    void outputIsKeptAsItIs() {
        String text = "a\r\n\0" + "x".repeat(20_000) + "\r";
        assertEquals(text, Command.of("cat").reading(text).succeed());
    }

    @Test
    void everyLineIsTold() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Command.of("sh", "-c", "printf 'one\\ntwo\\rthree'").onLine(lines::add).run();
        assertEquals(List.of("one", "two", "three"), lines);
    }

    @Test
    void failureEndsWithWhatTheProgramSaidLast() {
        Problem problem = assertThrows(
                Problem.class,
                () -> Command.of("sh", "-c", "echo no such thing >&2; exit 4").succeed());
        assertEquals("sh failed with status 4: no such thing", problem.getMessage());
    }

    @Test
    void missingProgramNamesItsPackage() {
        Problem problem = assertThrows(
                Problem.class, () -> Command.of("no-such-program-here").run());
        assertEquals(Problem.Kind.MISSING_REQUIREMENT, problem.kind());
        assertEquals("sudo apt-get install no-such-program-here", problem.hint());
        assertEquals("e2fsprogs", Programs.packageOf("mke2fs"));
    }

    @Test
    void fullDiskIsToldApartFromOtherFailures() {
        Problem problem = assertThrows(
                Problem.class,
                () -> Command.of("sh", "-c", "head -c 100 /proc/version > /dev/full")
                        .succeed());
        assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, problem.kind());
    }

    @Test
    void programBeyondItsBoundIsKilledWithItsChildren(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        Command command = Command.of("sh", "-c", "sleep 300 & echo $! > " + pid + "; wait")
                .within(Duration.ofSeconds(1));
        Problem problem = assertThrows(Problem.class, command::run);
        assertEquals(Problem.Kind.TIMEOUT, problem.kind());
        long child = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
        assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void cancelledProgramIsKilled() {
        Problem problem = assertThrows(
                Problem.class,
                () -> Command.of("sleep", "300").until(() -> true).run());
        assertEquals(Problem.Kind.CANCELLED, problem.kind());
    }

    @Test
    void standardInputIsEmpty() {
        assertEquals("", Command.of("cat").succeed());
    }

    @Test
    void longOutputKeepsItsBeginningAndLongErrorsTheirEnd() {
        Commands.Result result =
                Command.of("sh", "-c", "seq 1 700000; seq 1 100000 >&2").run();
        assertTrue(result.output().startsWith("1\n2\n"));
        assertEquals(4 << 20, result.output().length());
        assertTrue(result.errors().endsWith("99999\n100000\n"));
        assertTrue(result.errors().length() <= 4096);
    }
}
