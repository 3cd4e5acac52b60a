package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's own ssh, scp and ssh-keygen against VMs that have no network at all. */
@Order(4)
class SshTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final Path SSH = HOME.folder().resolve("c/banger/ssh");

    @BeforeAll
    static void createVms() {
        HOME.create("one", "--network", "none");
        HOME.create("two", "--network", "none");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 126, 127, 255})
    void theCommandsExitCodeIsTheOwn(int code) {
        HOME.banger("vm", "ssh", "one", "--", "exit " + code).exits(code);
    }

    @Test
    void streamsStayApartAndAreBinaryClean() {
        byte[] all = new byte[256 * 300];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Outcome cat = HOME.start("vm", "ssh", "one", "--", "cat; echo done >&2")
                .input(all)
                .waitFor()
                .exits(0);
        assertEquals(
                List.of(new String(all, StandardCharsets.ISO_8859_1), "done\n"),
                List.of(new String(cat.bytes(), StandardCharsets.ISO_8859_1), cat.err()));
    }

    @Test
    void everyVmHasItsOwnHostKeyAndNoneIsLearntOnTheWay() throws IOException {
        String before = Files.readString(SSH.resolve("known_hosts"));
        assertEquals(
                2, before.lines().map(line -> line.split(" ")[2]).distinct().count());
        String key = HOME.banger("vm", "ssh", "one", "--", "ssh-keygen -yf /etc/ssh/ssh_host_ed25519_key")
                .text();
        assertTrue(before.contains("one.banger " + key), before);
        assertEquals(before, Files.readString(SSH.resolve("known_hosts")));
    }

    @Test
    void anotherHostKeyThanTheKnownOneEndsTheConnection() {
        HOME.create("fake", "--network", "none");
        HOME.banger("vm", "ssh", "fake", "--", "true").exits(0);
        HOME.sh(
                "fake",
                "rm /etc/ssh/ssh_host_ed25519_key; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key");
        Outcome refused = HOME.banger("vm", "ssh", "fake", "--", "true").exits(255);
        assertTrue(refused.err().contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), refused.err());
        HOME.banger("vm", "delete", "fake").exits(0);
    }

    @Test
    void aNameThatIsUsedAgainStandsForTheNewVm() throws IOException {
        HOME.create("again", "--network", "none");
        String first = hostKey("again");
        HOME.banger("vm", "delete", "again").exits(0);
        assertTrue(!Files.readString(SSH.resolve("config")).contains("again"));
        HOME.create("again", "--network", "none");
        assertNotEquals(first, hostKey("again"));
        HOME.banger("vm", "ssh", "again", "--", "true").exits(0);
        HOME.banger("vm", "delete", "again").exits(0);
    }

    @Test
    void theKeyStillFitsAfterARestartAndAfterAnotherDaemon() {
        HOME.banger("vm", "restart", "two").exits(0);
        HOME.banger("vm", "ssh", "two", "--", "true").exits(0);
        HOME.killDaemon();
        HOME.banger("vm", "ssh", "two", "--", "true").exits(0);
    }

    @Test
    void scpAndSshReachAVmByItsNameWithTheUsersOwnConfiguration() throws IOException {
        Path mine = Files.writeString(HOME.folder().resolve("mine"), "Host *\n    LogLevel ERROR\n");
        HOME.banger("ssh-config", "install", "--file", mine.toString()).exits(0);
        Path file = Files.writeString(HOME.folder().resolve("n ü"), "over scp");
        String ssh = mine.toString();
        HOME.run(Path.of("/usr/bin/scp"), "-q", "-F", ssh, file.toString(), "one.banger:/tmp/")
                .exits(0);
        assertEquals(
                "over scp",
                HOME.run(Path.of("/usr/bin/ssh"), "-F", ssh, "one.banger", "cat '/tmp/n ü'")
                        .text());
        // What editors ask ssh for before they connect.
        String resolved =
                HOME.run(Path.of("/usr/bin/ssh"), "-F", ssh, "-G", "one.banger").text();
        assertTrue(resolved.contains("vm proxy") && resolved.contains("stricthostkeychecking true"), resolved);
        HOME.start(Path.of("/usr/bin/sftp"), "-q", "-b", "-", "-F", ssh, "one.banger")
                .input("rename /tmp/mine.txt /tmp/none\n".getBytes(StandardCharsets.UTF_8))
                .waitFor()
                .exits(1);
        HOME.start(Path.of("/usr/bin/sftp"), "-q", "-b", "-", "-F", ssh, "one.banger")
                .input("mkdir /tmp/made\nls /tmp\n".getBytes(StandardCharsets.UTF_8))
                .waitFor()
                .exits(0);
        assertEquals("", HOME.sh("one", "rmdir /tmp/made"));
        Path folder = Files.createDirectories(HOME.folder().resolve("synced/in ner"));
        Files.writeString(folder.resolve("file"), "over rsync");
        rsync(ssh, folder.getParent() + "/", "one.banger:/tmp/synced/");
        HOME.sh("one", "echo >>'/tmp/synced/in ner/file'; ln -s file '/tmp/synced/in ner/link'");
        rsync(ssh, "one.banger:/tmp/synced/", folder.getParent() + "/");
        assertEquals("over rsync\n", Files.readString(folder.resolve("link")));
        HOME.banger("ssh-config", "remove", "--file", mine.toString()).exits(0);
        assertEquals("Host *\n    LogLevel ERROR\n", Files.readString(mine));
    }

    private static void rsync(String configuration, String from, String to) {
        HOME.run(Path.of("/usr/bin/rsync"), "-a", "-e", "ssh -F " + configuration, from, to)
                .exits(0);
    }

    @Test
    void theUsersLocaleAndTerminalReachTheVm() {
        // script(1) is the terminal; without one ssh asks for none.
        ProcessBuilder terminal = HOME.builder(
                Path.of("/usr/bin/script"),
                "-qec",
                "'" + Dist.BUILT.banger() + "' vm ssh one -t -- 'echo $TERM $LC_TIME; tty'",
                "/dev/null");
        terminal.environment().put("LC_TIME", "en_GB.UTF-8");
        terminal.environment().put("TERM", "screen-256color");
        String said =
                Command.start(terminal).input(new byte[0]).waitFor().exits(0).out();
        assertTrue(said.contains("screen-256color en_GB.UTF-8"), said);
        assertTrue(said.contains("/dev/pts/"), said);
    }

    @Test
    void theAgentIsForwardedOnlyWhereItIsAskedFor() throws IOException {
        Path key = HOME.folder().resolve("forwarded");
        Command.ok("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "forwarded", "-f", key.toString());
        String script = "ssh-add -q " + key + " && '" + Dist.BUILT.banger() + "' vm ssh one -A -- ssh-add -l; " + "'"
                + Dist.BUILT.banger() + "' vm ssh one -- 'echo agent=[$SSH_AUTH_SOCK]'";
        String said =
                HOME.run(Path.of("/usr/bin/ssh-agent"), "sh", "-c", script).text();
        assertTrue(said.contains("forwarded"), said);
        assertTrue(said.contains("agent=[]"), said);
    }

    @Test
    void aKeyThatOthersMayReadIsRefusedUntilItIsClosed() throws IOException {
        Path key = SSH.resolve("id_ed25519");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        HOME.banger("vm", "ssh", "one", "--", "true").failsInALine(255, key.toString(), "rw-r--r--", "chmod 600");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        HOME.banger("vm", "ssh", "one", "--", "true").exits(0);
    }

    @Test
    void aStoppedVmIsSaidByEveryWayIn() {
        HOME.create("asleep", "--network", "none");
        HOME.banger("vm", "stop", "asleep").exits(0);
        HOME.banger("vm", "ssh", "asleep").failsInALine(255, "asleep is stopped", "banger vm start asleep");
        HOME.banger("vm", "proxy", "asleep").failsInALine(1, "asleep is stopped");
        HOME.banger("vm", "cp", "asleep:/etc/passwd", ".").failsInALine(1, "asleep is stopped");
        HOME.banger("vm", "port-forward", "asleep", "0:80").failsInALine(1, "asleep is stopped");
        HOME.banger("vm", "delete", "asleep").exits(0);
    }

    @Test
    void portsAreForwardedForManyConnectionsAtOnce() {
        HOME.sh(
                "one",
                "mkdir -p /srv/w; head -c 700000 /dev/zero | tr '\\0' x >/srv/w/big; cd /srv/w;"
                        + " setsid python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1 </dev/null &");
        Wait.until(
                "the guest's server",
                () -> HOME.sh("one", "ss -Hltn sport = :8000").contains("8000"));
        Command forward = HOME.start("vm", "port-forward", "one", "0:8000");
        forward.awaitOut("-> one:8000");
        String address = forward.out().split(" ")[0];
        List<Command> downloads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            downloads.add(HOME.start(Path.of("/usr/bin/curl"), "-sf", "http://" + address + "/big"));
        }
        downloads.forEach(each -> assertEquals(700_000, each.waitFor().exits(0).bytes().length));
        HOME.banger("vm", "port-forward", "one", address + ":8000")
                .failsInALine(1, "cannot listen on " + address, "in use");
        forward.signal("TERM").waitFor().exits(0);
    }

    private static String hostKey(String vm) throws IOException {
        return Files.readAllLines(SSH.resolve("known_hosts")).stream()
                .filter(line -> line.startsWith(vm + ".banger "))
                .findFirst()
                .orElseThrow();
    }
}
