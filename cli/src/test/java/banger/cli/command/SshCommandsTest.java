package banger.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.cli.Cli;
import banger.cli.FakeDaemon;
import banger.cli.FakeOperations;
import banger.wire.frame.Frame;
import banger.wire.frame.FrameType;
import banger.wire.frame.PayloadWriter;
import banger.wire.rpc.ErrorCode;
import banger.wire.rpc.Methods;
import banger.wire.rpc.SshMessages.Copy;
import banger.wire.rpc.SshMessages.SshConfig;
import banger.wire.rpc.VmMessages.StreamOpened;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SshCommandsTest {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(folder);
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
    }

    @Test
    void theProxyPassesBytesBothWaysAndEndsWithTheServer() {
        cli.daemon.on(Methods.VM_SSH_STREAM, (ref, peer) -> {
            assertEquals("beta", ref.vm());
            peer.thenStream((reader, writer) -> {
                writer.write(new Frame(1, FrameType.DATA, "SSH-2.0-server\r\n".getBytes(StandardCharsets.US_ASCII)));
                Frame received = reader.next();
                writer.write(new Frame(1, FrameType.DATA, received.payload()));
                assertEquals(FrameType.EOF, reader.next().type());
                writer.write(new PayloadWriter().u8(0).u8(0).frame(1, FrameType.EXIT));
            });
            return StreamOpened.of(1, 0);
        });
        Cli.Result result = cli.input(new ByteArrayInputStream(new byte[] {0, (byte) 255, '\n'}))
                .run("vm", "proxy", "beta");
        assertEquals(0, result.code(), result.err());
        assertEquals("SSH-2.0-server\r\n\0\u00ff\n", new String(result.out(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void aGuestWithoutAServerIsSaid() {
        cli.daemon.on(Methods.VM_SSH_STREAM, (ref, peer) -> {
            peer.thenStream((reader, writer) ->
                    writer.write(new PayloadWriter().u8(0).u8(127).frame(1, FrameType.EXIT)));
            return StreamOpened.of(1, 0);
        });
        Cli.Result result = cli.run("vm", "proxy", "beta");
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("banger: beta has no SSH server\n  try: "), result.err());
    }

    @Test
    void whatFailsBeforeSshRunsEndsAsSshItselfDoes() {
        cli.daemon.on(Methods.VM_SSH, (ref, peer) -> {
            throw new FakeDaemon.Refused(
                    ErrorCode.WRONG_STATE, "vm beta is stopped, not running", "banger vm start beta");
        });
        cli.environment(System.getenv());
        Cli.Result result = cli.run("vm", "ssh", "beta", "-A", "--", "true");
        assertEquals(255, result.code());
        assertEquals("banger: vm beta is stopped, not running\n  try: banger vm start beta\n", result.err());
        assertEquals(255, cli.run("vm", "ssh", "beta", "true").code());
        assertEquals(255, cli.run("vm", "ssh").code());
        Cli.Result without = cli.environment(Map.of("PATH", folder.toString())).run("vm", "ssh", "beta");
        assertEquals(255, without.code());
        assertTrue(without.err().startsWith("banger: the program ssh is not installed\n  try: "), without.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "notes beta:          | beta | CWD/notes   | ''      | true",
                "./a:b beta:/x/       | beta | CWD/./a:b   | /x/     | true",
                "src/. beta:x         | beta | CWD/src/.   | x       | true",
                "src/ beta:x          | beta | CWD/src/    | x       | true",
                "/ beta:x             | beta | /           | x       | true",
                "beta:/var/log .      | beta | CWD/.       | /var/log| false",
                "beta:a:b out         | beta | CWD/out     | a:b     | false",
                "beta: /tmp/x/        | beta | /tmp/x/     | ''      | false"
            })
    void aCopysWordsSayWhichWayItGoes(String words, String vm, String host, String guest, boolean toGuest) {
        BlockingQueue<Copy> copies = new LinkedBlockingQueue<>();
        FakeOperations.serve(cli.daemon);
        cli.daemon.on(Methods.VM_COPY, (copy, peer) -> {
            copies.add(copy);
            return FakeOperations.begin("vm.copy", copy.vm());
        });
        String[] both = words.split(" ");
        Cli.Result result = cli.run("vm", "cp", both[0], both[1]);
        assertEquals(0, result.code(), result.err());
        String here = host.replace("CWD", Path.of("").toAbsolutePath().toString());
        assertEquals(List.of(new Copy(vm, here, guest, toGuest, "", false)), List.copyOf(copies));
        assertTrue(result.err().endsWith("copied " + both[0] + " to " + both[1] + "\n"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a", "beta:a gamma:b", "a b beta:c", "./a:b c", ":a b"})
    void aCopyIsBetweenTheHostAndOneVm(String words) {
        String[] line = ("vm cp " + words).split(" ");
        Cli.Result result = cli.run(line);
        assertEquals(2, result.code(), result.err());
        assertEquals(List.of(), cli.daemon.calls());
    }

    @Test
    void installIncludesWhatTheDaemonKeepsAndRemoveNeedsNoDaemon() throws IOException {
        Path kept = folder.resolve("ssh/config");
        Path file = Files.writeString(folder.resolve("mine"), "Host a\n");
        cli.daemon.on(
                Methods.SSH_CONFIG,
                (nothing, peer) -> new SshConfig(kept.toString(), "Host beta.banger\n", List.of("beta.banger")));
        Cli.Result result = cli.run("ssh-config", "install", "--file", file.toString());
        assertEquals(0, result.code(), result.err());
        assertEquals("Include " + kept + "\nHost a\n", Files.readString(file));
        assertTrue(result.err().contains("next: ssh beta.banger"), result.err());
        assertEquals("Host beta.banger\n", cli.run("ssh-config", "print").text());
        cli.daemon.close();
        assertEquals(
                0, cli.run("ssh-config", "remove", "--file", file.toString()).code());
        assertEquals("Host a\n", Files.readString(file));
    }

    @Test
    void installGoesToTheHomeOfTheEnvironmentAndSaysWhereSshReads() throws IOException {
        Path kept = folder.resolve("ssh/config");
        cli.daemon.on(Methods.SSH_CONFIG, (nothing, peer) -> new SshConfig(kept.toString(), "", List.of()));
        Cli.Result result = cli.environment(Map.of("HOME", folder.toString())).run("ssh-config", "install");
        assertEquals(0, result.code(), result.err());
        assertEquals("Include " + kept + "\n", Files.readString(folder.resolve(".ssh/config")));
        assertTrue(result.err().contains("ssh -F " + folder.resolve(".ssh/config")), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"beta", "beta x", "beta 8080:", "beta 80 99999"})
    void portsThatAreNoneAreSaidBeforeAnythingIsDone(String words) {
        String[] line = ("vm port-forward " + words).split(" ");
        assertEquals(2, cli.run(line).code());
        assertEquals(List.of(), cli.daemon.calls());
    }
}
