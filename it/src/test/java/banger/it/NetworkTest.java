package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two VMs on a bridge, in a network of the test's own; they stay for the whole class. Both come of one template. */
class NetworkTest {
    private static final String SETTINGS = "[defaults]\nnetwork = \"bridge\"\nvcpus = 1\nmemory = \"384M\"\n";

    private static NetworkNamespace net;
    private static Home home;

    @BeforeAll
    static void makeANetwork() {
        assumeTrue(NetworkNamespace.possible(), "network namespaces, and so the tests of the bridge, take root");
        net = new NetworkNamespace();
        home = Home.withImage(net.enter());
        home.configure(SETTINGS);
        home.banger("image", "warm").exits(0);
        home.create("alpha", "--publish", "8080:80");
        home.create("beta", "--publish", "0.0.0.0:8081:80");
        for (String vm : List.of("alpha", "beta")) {
            home.sh(vm, """
                    mkdir /srv/web && echo from-%s > /srv/web/index.html
                    nohup python3 -m http.server 80 --bind :: --directory /srv/web > /dev/null 2>&1 &
                    until curl -s -o /dev/null http://127.0.0.1/; do sleep 0.2; done
                    """.formatted(vm));
        }
    }

    @AfterAll
    static void takeItDown() {
        if (home != null) {
            home.close();
            assertEquals(List.of("lo", "cable"), net.devices());
            assertEquals("", net.rules());
        }
        if (net != null) {
            net.close();
        }
    }

    @Test
    void guestsReachEachOtherByName() {
        assertEquals("from-alpha", home.sh("beta", "curl -sS -m 20 http://alpha.banger/"));
        assertEquals("from-alpha", home.sh("beta", "curl -sS -m 20 -4 http://alpha/"));
        assertEquals("from-alpha", home.sh("beta", "curl -sS -m 20 -6 http://alpha/"));
    }

    @Test
    void guestsReachTheWorldByTheHostsAddress() {
        assertEquals("192.0.2.2", fromBeta("http://" + NetworkNamespace.OUTSIDE));
        assertEquals("fd99::2", fromBeta("http://[" + NetworkNamespace.OUTSIDE_V6 + "]"));
    }

    @Test
    void guestsReachNothingOfTheHostButItsNames() {
        var line = new ArrayList<>(net.enter());
        line.addAll(List.of("python3", "-u", "-m", "http.server", "8001", "--bind", "::"));
        try (Command web = Command.start(new ProcessBuilder(line))) {
            web.awaitOut("Serving");
            assertEquals(
                    0,
                    net.run("curl", "-s", "-o", "/dev/null", "http://192.0.2.2:8001/")
                            .exit());
            for (String host : List.of("192.0.2.2", gateway(), "[fd99::2]")) {
                assertNotEquals(0, tryFromBeta("curl -s -m 20 http://" + host + ":8001/"), host);
            }
            web.process().destroyForcibly();
        }
    }

    @Test
    void aPublishedPortIsOnTheHostsLoopbackAlone() {
        assertEquals(
                "from-alpha",
                net.run("curl", "-sS", "-m", "20", "http://127.0.0.1:8080/").text());
        assertNotEquals(
                0,
                net.runInTheWorld("curl", "-s", "-m", "20", "http://192.0.2.2:8080/")
                        .exit());
        assertNotEquals(0, tryFromBeta("curl -s -m 20 http://192.0.2.2:8080/"));
    }

    @Test
    void aPortPublishedOnEveryAddressIsReachedFromTheWorld() {
        String there = "http://192.0.2.2:8081/";
        assertEquals(
                "from-beta", net.runInTheWorld("curl", "-sS", "-m", "20", there).text());
        assertEquals(
                "from-beta",
                net.run("curl", "-sS", "-m", "20", "http://127.0.0.1:8081/").text());
    }

    @Test
    void aPortThatIsTakenIsNotPublishedAndNothingIsMade() {
        String templates = home.banger("template", "list", "-q").text();
        home.banger("vm", "create", "--name", "gamma", "--publish", "8080:80")
                .fails(1, "host port 127.0.0.1:8080 cannot be published: vm alpha has published it", "vm stop alpha");
        assertEquals(templates, home.banger("template", "list", "-q").text());
        home.banger("vm", "set", "beta", "--publish", "8080:80").exits(0);
        home.banger("vm", "restart", "beta").fails(1, "vm alpha has published it");
        home.banger("vm", "set", "beta", "--publish", "0.0.0.0:8081:80").exits(0);
        assertEquals("running", home.show("beta").at("state").text());
        assertEquals(List.of("alpha", "beta"), home.names());
        home.assertNothingLeftOver();
    }

    @Test
    void aSpoofedAddressGetsNowhere() {
        String outside = "http://" + NetworkNamespace.OUTSIDE + ":" + NetworkNamespace.WEB;
        home.sh("beta", "ip addr add 10.209.3.77/22 dev eth0");
        try {
            assertEquals("no\nno", home.sh("beta", """
                    ask() { curl -s -o /dev/null -m 2 --interface 10.209.3.77 "$1" && echo yes || echo no; }
                    ask %s & ask http://%s & wait
                    """.formatted(outside, address("alpha"))));
        } finally {
            // Who asked for the gateway in that name was not answered, and the kernel would still wait for it.
            home.sh("beta", "ip addr del 10.209.3.77/22 dev eth0 && ip neigh flush dev eth0");
        }
        assertEquals("192.0.2.2", home.sh("beta", "curl -sS -m 20 " + outside));
    }

    @Test
    void aSpoofedHardwareAddressGetsNowhere() {
        String own = home.sh("beta", "cat /sys/class/net/eth0/address");
        String outside = "http://" + NetworkNamespace.OUTSIDE + ":" + NetworkNamespace.WEB;
        home.sh("beta", "ip link set eth0 address " + home.sh("alpha", "cat /sys/class/net/eth0/address"));
        try {
            assertNotEquals(0, tryFromBeta("curl -s -m 2 " + outside));
            assertEquals(
                    "from-alpha",
                    net.run("curl", "-sS", "-m", "20", "http://127.0.0.1:8080/").text());
        } finally {
            home.sh("beta", "ip link set eth0 address " + own);
        }
        assertEquals("192.0.2.2", home.sh("beta", "curl -sS -m 20 " + outside));
    }

    @Test
    void theHostIsToldNamesOfVmsAlone() {
        assertEquals(address("beta"), dig("beta.banger"));
        assertEquals("NXDOMAIN", dig("nobody.banger"));
        assertEquals("5", dig("example.com"));
    }

    @Test
    void readyDevicesAreKeptAndAreNoLeftovers() {
        Wait.until("the pool to be full", () -> bridge().at("ready").number() == 4);
        home.assertNothingLeftOver();
    }

    @Test
    void aVmKeepsItsNetworkWhenTheDaemonIsKilled() {
        String before = address("beta");
        home.killDaemon();
        assertEquals("192.0.2.2", fromBeta("http://" + NetworkNamespace.OUTSIDE));
        assertEquals(before, address("beta"));
        home.assertNothingLeftOver();
    }

    @Test
    void whatWasFlushedIsThereAgainWithTheNextVm() {
        net.run("nft", "flush", "ruleset").exits(0);
        assertDoctorSays("table bridge banger0, table inet banger0", "is gone, so guests are not filtered");
        home.create("gamma");
        assertDoctorSays("both tables of banger0 are there", "NAME.banger at " + gateway());
        assertEquals(
                "from-alpha",
                net.run("curl", "-sS", "-m", "20", "http://127.0.0.1:8080/").text());
        assertEquals("192.0.2.2", home.sh("gamma", "curl -sS -m 20 http://" + NetworkNamespace.OUTSIDE + ":8000"));
        String address = address("gamma");
        home.banger("vm", "stop", "gamma", "--grace", "0").exits(0);
        assertFalse(net.rules().contains(address), net::rules);
        home.banger("vm", "start", "gamma").exits(0);
        assertEquals(address, address("gamma"));
        home.banger("vm", "delete", "gamma").exits(0);
        assertFalse(net.rules().contains(address), net::rules);
    }

    @Test
    void aVmWithoutNetworkHasNone() {
        home.create("alone", "--network", "none");
        assertEquals("lo", home.sh("alone", "ls /sys/class/net"));
        home.banger("vm", "delete", "alone").exits(0);
    }

    @Test
    void aVmRestoredFromATemplateHasAddressesOfItsOwn() {
        String own = home.sh("beta", "ip -o addr show eth0 scope global | awk '{print $4}' | cut -d/ -f1");
        assertEquals(
                addresses("beta"),
                own.lines()
                        .map(each -> InetAddress.ofLiteral(each).getHostAddress())
                        .toList());
        assertNotEquals(addresses("alpha"), addresses("beta"));
    }

    @Test
    void guestsReachEachOtherOnlyWhereTheyMay() {
        home.configure(SETTINGS + "[network]\nguests_reach_each_other = false\n");
        home.banger("daemon", "restart").exits(0);
        try {
            assertNotEquals(0, tryFromBeta("curl -s -m 2 http://" + address("alpha")));
            assertEquals("192.0.2.2", fromBeta("http://" + NetworkNamespace.OUTSIDE));
        } finally {
            home.configure(SETTINGS);
            home.banger("daemon", "restart").exits(0);
        }
        assertEquals("from-alpha", home.sh("beta", "curl -sS -m 20 http://" + address("alpha")));
    }

    @Test
    void theHostsResolverIsToldWhomToAsk() {
        String commands = home.banger("network", "resolved").text();
        assertTrue(
                commands.endsWith("resolvectl dns banger0 " + gateway()
                        + "\nresolvectl domain banger0 '~banger'\nresolvectl default-route banger0 no"),
                commands);
    }

    @Test
    void doctorTellsOfOthersWhoFilterAndHowToBeAdmitted() {
        net.run(
                        "nft",
                        "add table ip filter { chain DOCKER-USER { } ; chain FORWARD {"
                                + " type filter hook forward priority 0; policy drop; jump DOCKER-USER; } ; }")
                .exits(0);
        assertDoctorSays("docker drops what is forwarded", "sudo iptables -I DOCKER-USER -i banger0 -j ACCEPT");
        assertNotEquals(0, tryFromBeta("curl -s -m 2 http://" + NetworkNamespace.OUTSIDE + ":8000"));
        net.run("nft", "add rule ip filter DOCKER-USER iifname \"banger0\" accept")
                .exits(0);
        net.run("nft", "add rule ip filter DOCKER-USER oifname \"banger0\" accept")
                .exits(0);
        assertDoctorSays("none drops what the bridge forwards");
        assertEquals("192.0.2.2", fromBeta("http://" + NetworkNamespace.OUTSIDE));
        net.run("nft", "delete table ip filter").exits(0);
        net.run("nft", "add table inet firewalld").exits(0);
        assertDoctorSays("firewalld is active", "--zone=trusted --change-interface=banger0");
        net.run("nft", "delete table inet firewalld").exits(0);
    }

    private static void assertDoctorSays(String... words) {
        String said = home.banger("doctor").out();
        for (String each : words) {
            assertTrue(said.contains(each), said);
        }
    }

    @Test
    void doctorTellsOfARouteThatCameLater() {
        net.run("ip", "route", "add", "10.209.1.0/24", "dev", "cable").exits(0);
        try {
            assertDoctorSays(
                    "the bridge's 10.209.0.0/22 overlaps the host's route to 10.209.1.0/24",
                    "banger vm stop --all && banger daemon restart");
        } finally {
            net.run("ip", "route", "del", "10.209.1.0/24", "dev", "cable").exits(0);
        }
    }

    @Test
    void verifyFindsWhatNobodyAccountsFor() {
        String mark = net.run("cat", "/sys/class/net/banger0/ifalias").text();
        net.run("ip", "tuntap", "add", "dev", "tap-pool-99", "mode", "tap").exits(0);
        net.run("ip", "link", "set", "dev", "tap-pool-99", "alias", mark).exits(0);
        net.run("nft", "add element bridge banger0 ports { \"tap-pool-99\" }").exits(0);
        Outcome verify = home.run(Dist.BUILT.bangerd(), "verify");
        net.run("ip", "link", "del", "tap-pool-99").exits(0);
        net.run("nft", "delete element bridge banger0 ports { \"tap-pool-99\" }")
                .exits(0);
        assertEquals(1, verify.exit());
        assertEquals("""
                network tap device tap-pool-99
                network packet filter entries of tap-pool-99
                2 left over
                """, verify.out());
        home.assertNothingLeftOver();
    }

    private static String fromBeta(String url) {
        return home.sh("beta", "curl -sS -m 20 " + url + ":" + NetworkNamespace.WEB + "/");
    }

    private static int tryFromBeta(String command) {
        return home.banger("vm", "exec", "beta", "sh", "-c", command).exit();
    }

    private static String address(String vm) {
        return addresses(vm).getFirst();
    }

    private static List<String> addresses(String vm) {
        for (Json guest : bridge().at("guests").items()) {
            if (guest.at("vm").text().equals(vm)) {
                return guest.at("addresses").items().stream().map(Json::text).toList();
            }
        }
        throw new AssertionError(vm + " has no address");
    }

    private static String gateway() {
        return bridge().at("nameServers").items().getFirst().text();
    }

    private static Json bridge() {
        return Json.parse(home.banger("network", "show", "--format", "json").text())
                .at("bridge");
    }

    /** The first address that the responder gives, or its error's name. */
    private static String dig(String name) {
        return net.run("python3", "-c", """
                import socket, struct, sys
                server, name = sys.argv[1:]
                question = b''.join(bytes([len(part)]) + part.encode() for part in name.split('.')) + b'\\0\\0\\1\\0\\1'
                asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                asker.settimeout(20)
                asker.sendto(struct.pack('>HHHHHH', 7, 0x100, 1, 0, 0, 0) + question, (server, 53))
                answer = asker.recv(2000)
                code = answer[3] & 15
                print('NXDOMAIN' if code == 3 else socket.inet_ntoa(answer[-4:]) if code == 0 else code)
                """, gateway(), name).text();
    }
}
