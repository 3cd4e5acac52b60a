package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a killed daemon, dead VMs and a rebooted host leave of the bridge: nothing that stays. */
class NetworkRecoveryTest {
    private static NetworkNamespace net;
    private static Home home;

    @BeforeAll
    static void makeANetwork() {
        assumeTrue(NetworkNamespace.possible(), "network namespaces, and so the tests of the bridge, take root");
        net = new NetworkNamespace();
        home = Home.withImage(net.enter());
        home.configure("[defaults]\nnetwork = \"bridge\"\nvcpus = 1\nmemory = \"384M\"\n");
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
        crash();
        for (String device : net.devices()) {
            if (device.startsWith("banger") || device.startsWith("tap-pool-")) {
                net.run("ip", "link", "del", "dev", device).exits(0);
            }
        }
        net.run("nft", "flush", "ruleset").exits(0);
        assertEquals("stopped", home.vmState("alpha"));
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

    /** The daemon and every VM end at once, as with the host's power. */
    private static void crash() {
        home.killDaemon();
        HostProcesses.of(home.folder()).forEach(process -> HostProcesses.kill(process.pid()));
    }

    private static void startAgain() {
        home.banger("vm", "start", "alpha").exits(0);
        String web = "http://" + NetworkNamespace.OUTSIDE + ":" + NetworkNamespace.WEB;
        assertEquals("192.0.2.2", home.sh("alpha", "curl -sS -m 20 " + web));
        assertTrue(net.rules().contains(" . 10.209.0.2 "), net::rules);
    }
}
