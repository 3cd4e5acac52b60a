package banger.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.FakeDaemon;
import banger.cli.TwentyVms;
import banger.cli.session.CliFailure;
import banger.cli.session.Output;
import banger.wire.Build;
import banger.wire.rpc.DaemonMessages;
import banger.wire.rpc.DaemonMessages.HelloReply;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DaemonStartTest {
    private static final Build BUILD = new Build("2026-10-01T00:00:00Z-abc");

    @TempDir
    Path folder;

    private Places places;
    private Path pidFile;
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();

    @BeforeEach
    void start() {
        places = new Places(
                folder.resolve("run/bangerd.sock"),
                folder.resolve("state/bangerd.log"),
                folder.resolve("ssh/config"),
                folder.resolve("dist"));
        pidFile = folder.resolve("pid");
    }

    @AfterEach
    void endTheDaemonThatWasStarted() throws IOException {
        if (Files.exists(pidFile)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void aDaemonIsStartedWhereNoneRuns() throws IOException {
        install(startsADaemon());
        try (DaemonConnection connection = daemon().connect()) {
            assertEquals(
                    20, connection.call(Methods.VM_LIST, new Nothing()).vms().size());
        }
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
        assertEquals(Long.toString(pid), session, "the daemon leads a session of its own");
    }

    @Test
    void aDaemonThatCannotStartShowsTheEndOfItsLogButNotWhatWasThereBefore() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(places.daemonLog(), "an earlier failure\n");
        install("echo 'cannot open the database: it is corrupt'; exit 3");
        var failure = assertThrows(CliFailure.class, () -> daemon().connect());
        assertEquals("the daemon ended with code 3\n  | cannot open the database: it is corrupt", failure.text());
        assertTrue(String.valueOf(failure.hint()).contains("banger daemon logs"));
    }

    @Test
    void aDaemonThatNeverListensIsWaitedForWithABound() throws IOException {
        install("echo $$ > '" + pidFile + "'; echo 'still thinking'; exec sleep 100");
        var failure = assertThrows(
                CliFailure.class, () -> new DaemonStarter(places, Map.of(), Duration.ofMillis(500)).start(() -> null));
        assertTrue(failure.text().startsWith("the daemon did not answer within"), failure.text());
        assertTrue(failure.text().contains("  | still thinking"), failure.text());
    }

    @Test
    void aDaemonThatFindsAnotherAtItsStartHasThatOneWaitedFor() throws IOException {
        install("exit " + DaemonMessages.EXIT_ANOTHER_RUNS);
        long since = System.nanoTime();
        try (FakeDaemon other = running("x", DaemonMessages.PROTOCOL)) {
            var starter = new DaemonStarter(places, Map.of(), Duration.ofSeconds(60));
            Daemon.Greeted greeted = starter.start(
                    () -> System.nanoTime() - since < Duration.ofSeconds(3).toNanos() ? null : daemon().greetRunning());
            greeted.connection().close();
            assertEquals(List.of(), other.calls());
        }
    }

    @Test
    void withoutAProgramToStartTheFailureSaysWhereItWasLookedFor() {
        var failure = assertThrows(CliFailure.class, () -> daemon().connect());
        assertTrue(failure.text().contains(folder.resolve("dist/bin/bangerd").toString()), failure.text());
    }

    @Test
    void aDaemonOfAnOlderBuildIsReplaced() throws IOException {
        install(startsADaemon());
        try (FakeDaemon old = running("2026-09-01T00:00:00Z-def", DaemonMessages.PROTOCOL)) {
            daemon().connect().close();
            assertEquals("daemon.stop", old.calls().getFirst());
        }
        assertTrue(Files.exists(pidFile));
        assertTrue(notes.toString(StandardCharsets.UTF_8).contains("2026-09-01T00:00:00Z-def"));
    }

    @Test
    void aDaemonOfANewerBuildIsUsed() throws IOException {
        try (FakeDaemon newer = running("2026-11-01T00:00:00Z-def", DaemonMessages.PROTOCOL)) {
            daemon().connect().close();
            assertEquals(0, newer.calls().size());
        }
        assertFalse(Files.exists(pidFile));
    }

    @Test
    void aNewerDaemonOfAnotherProtocolIsAnError() throws IOException {
        try (FakeDaemon newer = running("2026-11-01T00:00:00Z-def", DaemonMessages.PROTOCOL + 1)) {
            var failure = assertThrows(CliFailure.class, () -> daemon().connect());
            assertTrue(failure.text().contains("protocol " + (DaemonMessages.PROTOCOL + 1)), failure.text());
            assertEquals(0, newer.calls().size());
        }
    }

    @Test
    void aSocketThatNobodyListensOnIsNoDaemon() throws IOException {
        running("x", 1).leaveSocketBehind();
        assertTrue(Files.exists(places.socket()));
        assertEquals(null, daemon().greetRunning());
    }

    /** As one does that was killed and whose socket is still open. */
    @Test
    void aDaemonThatEndsBeforeItsHelloIsReplaced() throws IOException {
        install(startsADaemon());
        Files.createDirectories(folder.resolve("run"));
        try (var dying = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dying.bind(UnixDomainSocketAddress.of(places.socket()));
            Thread.ofVirtual().start(() -> {
                try {
                    dying.accept().close();
                    dying.close();
                    Files.delete(places.socket());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            daemon().connect().close();
        }
        assertTrue(Files.exists(pidFile));
    }

    private Daemon daemon() {
        return new Daemon(places, new Output(OutputStream.nullOutputStream(), notes), BUILD, Map.of());
    }

    private FakeDaemon running(String build, int protocol) throws IOException {
        FakeDaemon fake = new FakeDaemon(places.socket());
        fake.on(Methods.HELLO, (hello, peer) -> new HelloReply(protocol, build, Integer.MAX_VALUE));
        return fake.on(Methods.DAEMON_STOP, (nothing, peer) -> {
            fake.close();
            return nothing;
        });
    }

    private String startsADaemon() {
        return "echo $$ > '" + pidFile + "'; exec '" + System.getProperty("java.home") + "/bin/java' -cp '"
                + System.getProperty("java.class.path") + "' " + TwentyVms.class.getName() + " '" + places.socket()
                + "'";
    }

    private void install(String script) throws IOException {
        Path program = folder.resolve("dist/bin/bangerd");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
