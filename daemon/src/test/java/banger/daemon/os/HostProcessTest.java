package banger.daemon.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostProcessTest {
    @Test
    void killEndsItAlsoForAThreadThatIsInterrupted() throws IOException {
        Process sleep = new ProcessBuilder("sleep", "1000").start();
        HostProcess process = HostProcess.of(sleep.pid()).orElseThrow();
        Thread.currentThread().interrupt();
        process.kill();
        assertTrue(Thread.interrupted(), "the interruption is for whoever waits next");
        assertFalse(process.isAlive());
        process.kill();
    }

    @Test
    void theEndOfAProcessIsTold() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        // One that is no child of ours: its parent has ended.
        String pid;
        try (var output = new ProcessBuilder("sh", "-c", "sleep 1000 >/dev/null & echo $!")
                .start()
                .inputReader()) {
            pid = output.readLine();
        }
        HostProcess first = HostProcess.of(child.pid()).orElseThrow();
        HostProcess second = HostProcess.of(Long.parseLong(pid)).orElseThrow();
        var firstEnd = first.exited();
        var secondEnd = second.exited();
        assertFalse(firstEnd.isDone() || secondEnd.isDone());

        child.destroyForcibly();
        firstEnd.get();
        assertFalse(first.isAlive());
        assertFalse(secondEnd.isDone(), "the other goes on");
        second.kill();
        secondEnd.get();
        assertTrue(second.exited().isDone());
    }

    @Test
    void aProcessThatLivesOnIsAFailureThatNamesIt() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process killer = new ProcessBuilder(
                        "unshare",
                        "--map-root-user",
                        "--pid",
                        "--fork",
                        "--mount-proc",
                        "sh",
                        "-c",
                        "\"$@\"; exit $?",
                        "sh",
                        java.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UnkillableInit.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(killer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(
                "process 1 still lives 1 s after it was killed, in state S:"
                        + " D is one that waits for a device or a file system of the host's\n",
                printed);
    }
}
