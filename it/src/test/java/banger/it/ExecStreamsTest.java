package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code vm exec}: signals, clients that vanish or stall, and many at once. */
class ExecStreamsTest {
    /**
     * Says that it is ready, and writes down the signals that it gets. A shell tells on its standard error that a signal
     * ended its child, and would die of that where nobody listens any more.
     */
    private static final String LISTENER = """
            exec 2>/dev/null
            for s in HUP INT TERM USR1 USR2; do trap "echo $s >>/tmp/$1" $s; done
            trap "echo HUP >>/tmp/$1; exit 0" HUP
            echo ready
            while :; do sleep 0.05; done
            """;

    private static final long MIB = 1 << 20;

    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "streams";

    @BeforeAll
    static void createVm() {
        HOME.create(VM);
    }

    @Test
    void signalsReachTheCommandsProcessGroup() {
        try (Command client = listen("signals")) {
            for (String signal : new String[] {"INT", "TERM", "USR1", "USR2", "HUP"}) {
                client.signal(signal);
                awaitNote("signals", signal);
            }
            assertEquals(0, client.waitFor().exit());
        }
    }

    @Test
    void aSignalThatEndsTheCommandEndsTheClientWith128AndItsNumber() {
        try (Command client = HOME.start("vm", "exec", VM, "sh", "-c", "echo ready; sleep 1001 & wait")) {
            client.awaitOut("ready");
            client.signal("TERM").waitFor().exits(128 + 15);
            awaitGone("sleep 1001");
        }
    }

    @Test
    void aVanishedClientHangsItsCommandUp() {
        try (Command client = listen("vanished")) {
            client.signal("KILL").waitFor();
            awaitNote("vanished", "HUP");
        }
    }

    @Test
    void theWholeProcessGroupOfAVanishedClientEnds() {
        try (Command client = HOME.start("vm", "exec", VM, "sh", "-c", "echo ready; sleep 1002 | sleep 1003")) {
            client.awaitOut("ready");
            client.signal("KILL").waitFor();
            awaitGone("sleep 1002");
            awaitGone("sleep 1003");
        }
    }

    @Test
    void anOutputThatNobodyReadsEndsTheCommand() throws IOException {
        Process client =
                HOME.builder(Dist.BUILT.banger(), "vm", "exec", VM, "yes").start();
        try (InputStream out = client.getInputStream()) {
            out.readNBytes(1000);
        }
        Wait.until("the client's end", () -> !client.isAlive());
        assertEquals(128 + 13, client.exitValue());
        awaitGone("yes");
    }

    @Test
    void aReaderThatStallsHoldsTheCommandBackAndDoesNotGrowTheDaemon() throws IOException {
        Process client = HOME.builder(Dist.BUILT.banger(), "vm", "exec", VM, "cat", "/dev/zero")
                .start();
        try {
            long written = Wait.untilSteady("the output of cat", () -> written("cat /dev/zero"));
            assertTrue(written > 0 && written < 4 * MIB, "the stalled command has written " + written);
            long resident = HostProcesses.residentBytes(HOME.daemonPid());
            assertTrue(resident < 256 * MIB, "the daemon has " + resident);
            client.getInputStream().skipNBytes(32 * MIB);
            Wait.until("more output", () -> written("cat /dev/zero") > 32 * MIB);
        } finally {
            client.destroyForcibly();
        }
        awaitGone("cat /dev/zero");
    }

    @Test
    void aCommandThatStallsHoldsItsInputBack() throws IOException {
        Process client = HOME.builder(Dist.BUILT.banger(), "vm", "exec", "-i", VM, "sleep", "1004")
                .start();
        var sent = new AtomicLong();
        Thread.ofVirtual().start(() -> feed(client.getOutputStream(), sent));
        try {
            long taken = Wait.untilSteady("the input of sleep", sent::get);
            assertTrue(taken > 0 && taken < 4 * MIB, "the stalled command was sent " + taken);
        } finally {
            client.destroyForcibly();
        }
        awaitGone("sleep 1004");
    }

    @Test
    void fiftyCommandsRunAtOnce() throws IOException {
        var clients = new ArrayList<Rpc>();
        try {
            for (int i = 0; i < 50; i++) {
                clients.add(Rpc.connect(HOME).exec(VM, true, "sh", "-c", "read word; echo got $word"));
            }
            assertEquals("50", HOME.sh(VM, "pgrep -fc '^sh -c read word'"));
            for (int i = 49; i >= 0; i--) {
                clients.get(i).frame(1, Rpc.DATA, ("word" + i + "\n").getBytes());
            }
            for (int i = 0; i < 50; i++) {
                Rpc.Finished finished = clients.get(i).finish();
                assertEquals("got word" + i + "\n", finished.out());
                assertEquals(0, finished.exit().exitStatus());
            }
        } finally {
            clients.forEach(Rpc::close);
        }
    }

    @Test
    void aStalledClientDoesNotHoldOthersUp() throws IOException {
        try (Rpc stalled = Rpc.connect(HOME).exec(VM, false, "cat", "/dev/zero")) {
            Wait.untilSteady("the stalled output", () -> written("cat /dev/zero"));
            assertEquals("through", HOME.sh(VM, "echo through"));
            stalled.frame(1, Rpc.CLOSE, new byte[0]);
        }
        awaitGone("cat /dev/zero");
    }

    private static Command listen(String file) {
        Command client = HOME.start("vm", "exec", VM, "sh", "-c", LISTENER, "sh", file);
        client.awaitOut("ready");
        return client;
    }

    private static void awaitNote(String file, String signal) {
        Wait.until(
                signal + " in the guest",
                () -> HOME.sh(VM, "cat /tmp/" + file + " 2>/dev/null || true")
                        .lines()
                        .anyMatch(signal::equals));
    }

    private static void awaitGone(String command) {
        Wait.until(
                "the end of \"" + command + "\" in the guest",
                () -> HOME.banger("vm", "exec", VM, "pgrep", "-xf", command).exit() == 1);
    }

    /** How many bytes a process of the guest has written. */
    private static long written(String command) {
        return Long.parseLong(
                HOME.sh(VM, "pid=$(pgrep -xf '" + command + "') && sed -n 's/^wchar: //p' /proc/$pid/io || echo 0"));
    }

    private static void feed(OutputStream to, AtomicLong sent) {
        byte[] block = new byte[16_384];
        try (to) {
            while (sent.get() < 1 << 30) {
                to.write(block);
                sent.addAndGet(block.length);
            }
        } catch (IOException e) {
            // The client was ended.
        }
    }
}
