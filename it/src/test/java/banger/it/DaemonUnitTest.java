package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The daemon as a unit of systemd, and as one that serves a group. Where tests run there is no manager of units: a
 * program in its place notes what it is asked, and starts what the unit says.
 */
class DaemonUnitTest {
    private static final String MANAGER = """
            #!/bin/sh
            echo "$*" >>'%1$s/asked'
            case $* in
            '--user start bangerd.service'|'--user restart bangerd.service')
                unit='%1$s/c/systemd/user/bangerd.service'
                eval "export $(sed -n 's/^Environment=//p' "$unit" | tr '\\n' ' ')"
                sh -c "exec setsid $(sed -n 's/^ExecStart=//p' "$unit")" </dev/null >/dev/null 2>&1 &
                ;;
            esac
            """;

    private Home home;
    private Path bin;

    @BeforeEach
    void aHomeWithAManager() throws IOException {
        home = Home.empty();
        bin = Files.createDirectory(home.folder().resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), MANAGER.formatted(home.folder()));
        assertTrue(systemctl.toFile().setExecutable(true));
        home.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    }

    @AfterEach
    void end() {
        home.close();
    }

    private Path unit() {
        return home.folder().resolve("c/systemd/user/bangerd.service");
    }

    private String asked() throws IOException {
        Path asked = home.folder().resolve("asked");
        String all = Files.exists(asked) ? Files.readString(asked) : "";
        Files.deleteIfExists(asked);
        return all.replace("--user ", "").strip().replace("\n", "; ");
    }

    @Test
    void anInstalledUnitIsWhatCommandsStart() throws IOException {
        long before = home.banger("daemon", "start").exits(0).exit() + home.daemonPid();
        home.banger("daemon", "install").exits(0);
        String asked = asked();
        assertTrue(
                asked.startsWith("show-environment; daemon-reload; enable bangerd.service; restart bangerd.service"),
                asked);
        assertNotEquals(before, home.daemonPid());
        assertFalse(HostProcesses.isAlive(before), "the store has one daemon");
        home.killDaemon();
        home.banger("ps").exits(0);
        assertEquals("start bangerd.service", asked());
        home.banger("daemon", "uninstall").exits(0);
        assertEquals("show-environment; disable --now bangerd.service; daemon-reload", asked());
        assertFalse(Files.exists(unit()));
        home.killDaemon();
        home.banger("ps").exits(0);
        assertEquals("", asked());
    }

    @Test
    void printingTheUnitChangesNothing() throws IOException {
        String printed = home.banger("daemon", "install", "--print").text();
        assertTrue(printed.contains("bin/bangerd\"\n"), printed);
        assertTrue(printed.contains("XDG_STATE_HOME=" + home.folder()), printed);
        assertFalse(Files.exists(unit()));
        assertEquals("", asked());
        assertTrue(
                home.banger("daemon", "install", "--system", "--print").text().contains("BANGER_SOCKET_GROUP"));
    }

    @Test
    void aUnitOfSomebodyElseStays() throws IOException {
        Files.createDirectories(unit().getParent());
        Files.writeString(unit(), "[Unit]\n");
        home.banger("daemon", "install").failsInALine(1, unit() + " is not of banger's making");
        home.banger("daemon", "uninstall").failsInALine(1, unit() + " is not of banger's making");
        assertEquals("[Unit]\n", Files.readString(unit()));
        assertEquals("", asked());
    }

    @Test
    void withoutSystemdNothingIsWritten() throws IOException {
        Files.delete(bin.resolve("systemctl"));
        for (String program : new String[] {"sh", "readlink", "uname"}) {
            Files.createSymbolicLink(bin.resolve(program), Path.of("/usr/bin", program));
        }
        home.environment().put("PATH", bin.toString());
        home.banger("daemon", "install").failsInALine(1, "no systemd", "banger daemon start");
        assertFalse(Files.exists(unit()));
    }

    @Test
    void membersOfItsGroupUseAHostsDaemonAndOthersDoNot() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "another user's command takes root");
        Path dist = readable();
        Files.setPosixFilePermissions(
                home.folder(), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                home.folder().resolve("r"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        home.environment().put("BANGER_SOCKET_GROUP", "games");
        home.banger("daemon", "start").exits(0);
        assertEquals("games 660", stat(home.socket()));
        assertEquals("games 710", stat(home.socket().getParent()));
        assertEquals("root 700", stat(home.socket().resolveSibling("vm")));
        as("games", dist, "ps").exits(0);
        as("nogroup", dist, "ps").fails(1, "cannot connect to " + home.socket());
        home.banger("daemon", "stop").exits(0);
        as("games", dist, "ps").fails(1, "no daemon answers at " + home.socket());
    }

    /** The program where others than its builder can read it. */
    private Path readable() {
        Path copy = home.folder().resolve("dist");
        Command.ok("cp", "-r", Dist.BUILT.banger().getParent().getParent().toString(), copy.toString());
        Command.ok("chmod", "-R", "go+rX", copy.toString());
        return copy;
    }

    private Outcome as(String group, Path dist, String command) {
        var line = new ProcessBuilder(
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--groups=" + group,
                dist.resolve("bin/banger").toString(),
                command);
        line.environment().put("BANGER_SOCKET", home.socket().toString());
        line.environment().put("HOME", "/nonexistent");
        line.directory(Path.of("/").toFile());
        return Command.start(line).input(new byte[0]).waitFor();
    }

    private static String stat(Path file) {
        return Command.ok("stat", "-c", "%G %a", file.toString()).strip();
    }
}
