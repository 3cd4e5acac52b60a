package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a killed daemon, dead VMs and a rebooted host leave of the bridge: nothing that stays. */
class NetworkRecoveryTest {
    private static final String SETTINGS = "[defaults]\nnetwork = \"bridge\"\nvcpus = 1\nmemory = \"384M\"\n";
    private static final String WORLD = "http://" + NetworkNamespace.OUTSIDE + ":" + NetworkNamespace.WEB;
    private static final String ANOTHER_BOOT = "00000000-1111-2222-3333-444444444444";

    private static NetworkNamespace net;
    private static Home home;

    @BeforeAll
    static void makeANetwork() {
        assumeTrue(NetworkNamespace.possible(), "network namespaces, and so the tests of the bridge, take root");
        net = new NetworkNamespace();
        home = Home.withImage(net.enter());
        home.configure(SETTINGS);
        home.create("alpha", "--publish", "8080:80");
    }

    @AfterAll
    static void takeItDown() {
        if (home != null) {
            home.close();
        }
        if (net != null) {
            net.close();
        }
    }

    @Test
    void whatADeadVmHadIsGoneWithTheNextDaemon() {
        crash();
        assertEquals("stopped", home.vmState("alpha"));
        assertFalse(net.rules().contains("8080"), net::rules);
        home.assertNothingLeftOver();
        startAgain();
    }

    @Test
    void afterARebootTheBridgeIsMadeAgain() {
        reboot();
        assertEquals("stopped", home.vmState("alpha"));
        home.assertNothingLeftOver();
        startAgain();
    }

    @Test
    void afterARebootOnlyWhatIsToStartWithTheHostRuns() throws IOException {
        home.create("beta");
        home.banger("vm", "set", "alpha", "--autostart", "on").exits(0);
        reboot();
        // What the user has for XDG_RUNTIME_DIR may outlive a boot: the sockets of both are still there.
        assertEquals(2, runtimeFolders().size());
        Wait.until("alpha to run by itself", () -> home.vmState("alpha").equals("running"));
        assertEquals("stopped", home.vmState("beta"));
        assertEquals(List.of(home.show("alpha").at("id").text()), runtimeFolders());
        assertReachesTheWorld();
        assertTrue(home.banger("daemon", "logs").text().contains("started again: starting alpha"));
        home.banger("vm", "stop", "alpha", "--grace", "0").exits(0);
        home.banger("daemon", "restart").exits(0);
        assertEquals("stopped", home.vmState("alpha"), "the host was not started again");
        home.banger("vm", "set", "alpha", "--autostart", "off").exits(0);
        home.banger("vm", "delete", "beta").exits(0);
        home.assertNothingLeftOver();
        startAgain();
    }

    @Test
    void manyDeletedAtOnceLeaveNothing() {
        for (String name : new String[] {"one", "two", "three"}) {
            home.create(name);
        }
        home.banger("vm", "stop", "two", "--grace", "0").exits(0);
        home.banger("vm", "delete", "one", "two", "three").exits(0);
        String rules = net.rules();
        assertTrue(rules.contains(" . 10.209.0.2 "), rules);
        for (String address : new String[] {"10.209.0.3", "10.209.0.4", "10.209.0.5"}) {
            assertFalse(rules.contains(address), rules);
        }
        home.assertNothingLeftOver();
    }

    @Test
    void aRouteThatCameLaterMovesTheBridgeWhereDoctorsAdviceIsTaken() {
        net.run("ip", "route", "add", "10.209.1.0/24", "dev", "cable").exits(0);
        assertDoctorSays("overlaps the host's route to 10.209.1.0/24");
        home.banger("vm", "stop", "--all", "--grace", "0").exits(0);
        home.banger("daemon", "restart").exits(0);
        assertDoctorSays("no route of the host overlaps 10.209.4.0/22");
        home.banger("vm", "start", "alpha").exits(0);
        assertEquals("192.0.2.2", home.sh("alpha", "curl -sS -m 20 " + WORLD));
        assertTrue(net.rules().contains(" . 10.209.4.2 "), net::rules);
        home.banger("vm", "stop", "--all", "--grace", "0").exits(0);
        net.run("ip", "route", "del", "10.209.1.0/24", "dev", "cable").exits(0);
        home.configure(SETTINGS + "[network]\nsubnet = \"10.209.0.0/22\"\n");
        home.banger("daemon", "restart").exits(0);
        home.configure(SETTINGS);
        startAgain();
    }

    private static void assertDoctorSays(String words) {
        String said = home.banger("doctor").out();
        assertTrue(said.contains(words), said);
    }

    /** The daemon and every VM end at once, as with the host's power. */
    private static void crash() {
        home.killDaemon();
        HostProcesses.of(home.folder()).forEach(process -> HostProcesses.kill(process.pid()));
    }

    /** Besides, what the kernel keeps is gone, and what is recorded is of another boot. */
    private static void reboot() {
        crash();
        for (String device : net.devices()) {
            if (device.startsWith("banger") || device.startsWith("tap-pool-")) {
                net.run("ip", "link", "del", "dev", device).exits(0);
            }
        }
        net.run("nft", "flush", "ruleset").exits(0);
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            assertEquals(boot, Files.readString(home.state().resolve("boot-id")).strip());
            Files.writeString(home.state().resolve("boot-id"), ANOTHER_BOOT + "\n");
            Sqlite.run(
                    home.database(),
                    "UPDATE vms SET runtime_json = replace(runtime_json, '" + boot + "', '" + ANOTHER_BOOT + "')");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> runtimeFolders() throws IOException {
        try (Stream<Path> folders = Files.list(home.socket().resolveSibling("vm"))) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        }
    }

    private static void startAgain() {
        home.banger("vm", "start", "alpha").exits(0);
        assertReachesTheWorld();
    }

    private static void assertReachesTheWorld() {
        assertEquals("192.0.2.2", home.sh("alpha", "curl -sS -m 20 " + WORLD));
        assertTrue(net.rules().contains(" . 10.209.0.2 "), net::rules);
    }
}
