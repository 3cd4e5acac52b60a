package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a VM shows of itself: published ports, its console, what it uses. */
class PortsLogsStatsTest {
    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static final String VM = "open";

    @BeforeAll
    static void createVm() {
        HOME.create(VM, "--cold", "--publish", "8000");
        HOME.sh(
                VM,
                "mkdir /srv/www; echo hello from the guest >/srv/www/index.html; cd /srv/www;"
                        + " setsid python3 -m http.server 8000 >/dev/null 2>&1 </dev/null &");
    }

    @Test
    void aPublishedPortAnswersOnLoopback() {
        String address = HOME.banger("vm", "ports", "-q", VM).text();
        assertTrue(address.startsWith("127.0.0.1:"), address);
        Wait.until("an answer from the guest", () -> get(address).equals("hello from the guest\n"));
    }

    @Test
    void aPublishedPortListensOnLoopbackOnly() {
        long port =
                HOME.show(VM).at("publish").items().getFirst().at("hostPort").number();
        String listening = Command.ok("ss", "-Hltn", "sport = :" + port);
        assertEquals(1, listening.lines().count(), listening);
        assertTrue(listening.contains("127.0.0.1:" + port), listening);
    }

    @Test
    void aHostPortCanBeChosen() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        HOME.create("chosen", "--publish", free + ":22", "--publish", "127.0.0.1:0:80");
        List<Json> ports = HOME.show("chosen").at("publish").items();
        assertEquals(free, ports.getFirst().at("hostPort").number());
        assertEquals(22, ports.getFirst().at("guestPort").number());
        assertTrue(ports.getLast().at("hostPort").number() > 0);
        HOME.banger("vm", "stop", "chosen").exits(0);
        HOME.banger("vm", "start", "chosen").exits(0);
        assertEquals(
                free,
                HOME.show("chosen")
                        .at("publish")
                        .items()
                        .getFirst()
                        .at("hostPort")
                        .number());
        HOME.banger("vm", "delete", "chosen").exits(0);
    }

    @Test
    void aVmWhosePortIsTakenStartsOnceItPublishesAnother() throws IOException {
        HOME.banger("vm", "create", "--name", "moved", "--publish", "127.0.0.1:0:22")
                .exits(0);
        HOME.banger("vm", "stop", "moved").exits(0);
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            HOME.banger("vm", "set", "moved", "--publish", port + ":22", "-p", "0:80")
                    .exits(0);
            HOME.banger("vm", "start", "moved").fails(1, "host port 127.0.0.1:" + port, "vm set");
            HOME.banger("vm", "set", "moved", "--publish", "1.2.3.4:8080:22").exits(0);
            HOME.banger("vm", "start", "moved").fails(1, "Cannot assign requested address", "ip -brief address");
            HOME.banger("vm", "set", "moved", "--publish", "none").exits(0);
            HOME.banger("vm", "start", "moved").exits(0);
        }
        assertEquals(List.of(), HOME.show("moved").at("publish").items());
        HOME.banger("vm", "delete", "moved").exits(0);
    }

    @Test
    void aHostPortThatIsTakenFailsTheCreationAndLeavesNothing() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            HOME.banger("vm", "create", "--name", "late", "--publish", port + ":80")
                    .fails(1, "host port 127.0.0.1:" + port + " cannot be published", "ss -ltnp sport = :" + port);
        }
        assertFalse(HOME.names().contains("late"));
        assertFalse(HOME.banger("template", "list", "-q").text().isEmpty(), "it is no template's fault");
        HOME.assertNothingLeftOver();
    }

    @Test
    void theConsoleIsLogged() {
        String log = HOME.banger("vm", "logs", VM).exits(0).out();
        assertTrue(log.contains("Linux version"), log);
        // A carriage return alone ends no line on a console.
        String last = HOME.banger("vm", "logs", "-n", "3", VM).exits(0).out();
        assertEquals(3, last.replaceFirst("\\n$", "").split("\n", -1).length, last);
    }

    @Test
    void theConsoleCanBeFollowedUntilTheVmEnds() {
        HOME.create("followed", "--cold");
        try (Command follower = HOME.start("vm", "logs", "-f", "followed")) {
            follower.awaitOut("Linux version");
            HOME.sh("followed", "echo what follows >/dev/console");
            follower.awaitOut("what follows");
            HOME.banger("vm", "kill", "followed").exits(0);
            follower.waitFor().exits(0);
        }
        HOME.banger("vm", "delete", "followed").exits(0);
    }

    @Test
    void statisticsComeFromHostAndGuest() {
        Json stats =
                Json.parse(HOME.banger("vm", "stats", VM, "--format", "json").text());
        assertTrue(stats.at("cpuMillis").number() > 0);
        assertTrue(stats.at("residentBytes").number() > 32 << 20);
        assertTrue(stats.at("diskBytes").number() > 0);
        Json guest = stats.at("guest");
        assertTrue(guest.at("uptimeMillis").number() > 0);
        assertTrue(guest.at("memoryTotalBytes").number() > 512L << 20);
        assertTrue(
                guest.at("rootTotalBytes").number() > guest.at("rootUsedBytes").number());
        assertTrue(guest.at("tasks").number() > 1);
    }

    /** Nothing of it has ended; only the guest's silence shows. */
    @Test
    void aVmWhoseProcessHangsIsTold() {
        HOME.create("hung", "--network", "none");
        String pid = Long.toString(HOME.show("hung").at("pid").number());
        Command.ok("kill", "-STOP", pid);
        assertTrue(HOME.banger("vm", "show", "hung").text().contains("does not answer; try: banger vm logs hung"));
        String doctor = HOME.banger("doctor").out();
        assertTrue(doctor.contains("guests do not answer: hung"), doctor);
        Command.ok("kill", "-CONT", pid);
        Wait.until(
                "the guest to answer again",
                () -> !HOME.banger("vm", "show", "hung").text().contains("does not answer"));
        assertEquals("hung", HOME.sh("hung", "hostname"));

        Command.ok("kill", "-STOP", pid);
        HOME.banger("vm", "delete", "hung").exits(0);
        HOME.assertNothingLeftOver();
    }

    @Test
    void aVmWithoutNetworkHasOnlyItsLoopback() {
        HOME.create("alone", "--network", "none");
        assertEquals("lo", HOME.sh("alone", "ls /sys/class/net"));
        assertEquals("none", HOME.show("alone").at("network").text());
        HOME.banger("vm", "delete", "alone").exits(0);
    }

    @Test
    void theGuestReachesTheNetworkThroughTheHost() {
        String reached = HOME.sh(VM, "getent ahostsv4 localhost >/dev/null && ip -4 -o addr show | grep -c 10.0.2.15");
        assertEquals("1", reached);
    }

    private static String get(String address) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }
}
