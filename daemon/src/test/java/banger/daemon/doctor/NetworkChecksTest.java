package banger.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.doctor.Finding.Level;
import banger.daemon.network.Bridge;
import banger.daemon.network.Lease;
import banger.daemon.network.Subnet;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Kvm;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.vm.DriverFitness;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a host whose every answer the test gives. */
class NetworkChecksTest {
    private static final Bridge BRIDGE =
            new Bridge("banger0", Subnet.parse("10.209.0.0/22"), Subnet.parse("fd12::/64"));
    private static final String DROPPING = """
            table ip filter {
                chain FORWARD {
                    type filter hook forward priority filter; policy drop;
                }
            }
            """;

    @TempDir
    Path folder;

    /** What programs print, by their command lines. */
    private final Map<String, String> printed = new HashMap<>();

    private Runnable requirements = () -> {};
    private Store store;

    @BeforeEach
    void aHostWithABridge() throws IOException {
        store = Store.in(folder);
        try (Database database = Database.open(store.paths().database())) {
            new SqliteNetworkStore(database).put(BRIDGE);
        }
        set("ipv4/ip_forward", "1");
        set("ipv6/conf/all/forwarding", "1");
        set("ipv4/conf/banger0/route_localnet", "1");
        printed.put("nft list tables", "");
        printed.put("nft list table bridge banger0", "");
        printed.put("nft list table inet banger0", "");
    }

    @Test
    void aDeviceThatWasTakenFromARunningVmIsMissed() throws IOException {
        Vm vm = store.putVm("beta", VmState.RUNNING);
        try (Database database = Database.open(store.paths().database())) {
            new SqliteNetworkStore(database).put(List.of(new Lease(vm.id(), 2, "tap-pool-0", List.of())));
        }
        assertEquals(Level.OK, find("bridge").level(), "its process does not live");
        store.recordProcess(vm, HostProcess.of(ProcessHandle.current().pid()).orElseThrow());
        assertEquals(Finding.failure("the network device of beta is gone", "banger vm restart beta"), find("bridge"));
        set("ipv4/conf/tap-pool-0/route_localnet", "0");
        assertEquals(Level.OK, find("bridge").level());
        DiskUsage.remove(folder.resolve("net/ipv4/conf/banger0"));
        assertEquals(Finding.failure("banger0 is gone, with beta on it", "banger daemon restart"), find("bridge"));
    }

    @Test
    void aHostThatForwardsOneFamilyAloneIsWarnedOf() throws IOException {
        assertEquals(Level.OK, find("forwarding").level());
        set("ipv6/conf/all/forwarding", "0");
        assertEquals(
                "sudo sysctl -w net.ipv6.conf.all.forwarding=1",
                find("forwarding").fix());
        set("ipv4/ip_forward", "0");
        assertEquals(
                "sudo sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
                find("forwarding").fix());
        DiskUsage.remove(folder.resolve("net/ipv4/conf/banger0"));
        assertEquals(Level.OK, find("forwarding").level(), "the bridge is made after each reboot");
    }

    @Test
    void aRangeThatWasSetAfterwardsIsToldWhileTheBridgeKeepsItsOwn() throws IOException {
        Path config = store.paths().configFile();
        Files.createDirectories(config.getParent());
        Files.writeString(config, "network.subnet = \"10.209.0.0/22\"\n");
        assertEquals(Finding.ok("no route of the host overlaps 10.209.0.0/22"), find("routes"));
        Files.writeString(config, "network.subnet = \"198.18.7.0/24\"\n");
        assertEquals(
                Finding.warning(
                        "network.subnet is 198.18.7.0/24, and the bridge keeps 10.209.0.0/22 while vms run on it",
                        "banger vm stop --all && banger daemon restart"),
                find("routes"));
        DiskUsage.remove(folder.resolve("net/ipv4/conf/banger0"));
        assertEquals(Finding.ok("no route of the host overlaps 198.18.7.0/24"), find("routes"));
    }

    @Test
    void tablesThatAreGoneAreAFailure() {
        assertEquals(Finding.ok("both tables of banger0 are there"), find("filter"));
        printed.remove("nft list table bridge banger0");
        assertEquals(
                Finding.failure("table bridge banger0 is gone, so guests are not filtered", "banger daemon restart"),
                find("filter"));
    }

    @Test
    void noBridgeIsAFailureOnlyWhereItIsTheDefault() throws IOException {
        requirements = () -> {
            throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT, "nft is not installed", "sudo apt-get install nftables");
        };
        assertEquals(Finding.ok("only networks user and none: nft is not installed"), find("bridge"));
        Files.writeString(store.paths().configFile(), "defaults.network = \"bridge\"\n");
        assertEquals(
                Finding.failure(
                        "defaults.network is bridge, and this host has none: nft is not installed",
                        "sudo apt-get install nftables"),
                find("bridge"));
    }

    @Test
    void firewalldIsNoMatterOnceItTrustsTheBridge() {
        printed.put("nft list table inet firewalld", "");
        assertEquals(
                "sudo firewall-cmd --permanent --zone=trusted --change-interface=banger0"
                        + " && sudo firewall-cmd --reload",
                find("firewalls").fix());
        printed.put("firewall-cmd --get-zone-of-interface=banger0", "public\n");
        printed.put("firewall-cmd --permanent --zone=public --get-target", "default\n");
        assertEquals(Level.WARNING, find("firewalls").level());
        printed.put("firewall-cmd --permanent --zone=public --get-target", "ACCEPT\n");
        assertEquals(Level.OK, find("firewalls").level());
        printed.put("firewall-cmd --get-zone-of-interface=banger0", "trusted\n");
        assertEquals(Level.OK, find("firewalls").level());
        printed.put("nft list chain ip filter FORWARD", DROPPING);
        assertTrue(find("firewalls").found().startsWith("iptables drops"), find("firewalls")::found);
    }

    @Test
    void dockersChainsMustAdmitBothDirectionsInBothFamilies() {
        printed.put("nft list chain ip filter FORWARD", DROPPING);
        printed.put("nft list chain ip6 filter FORWARD", DROPPING);
        printed.put("nft list chain ip6 filter DOCKER-USER", "");
        admit("ip", "iifname \"banger0\" accept", "oifname \"docker0\" accept");
        assertEquals(
                "sudo iptables -I DOCKER-USER -i banger0 -j ACCEPT && sudo iptables -I DOCKER-USER -o banger0 -j ACCEPT"
                        + " && sudo ip6tables -I DOCKER-USER -i banger0 -j ACCEPT"
                        + " && sudo ip6tables -I DOCKER-USER -o banger0 -j ACCEPT",
                find("firewalls").fix());
        admit("ip", "iifname \"banger0\" accept", "oifname \"banger0\" counter packets 7 bytes 420 accept");
        assertEquals(
                "docker drops what is forwarded in IPv6, vms' packets among it",
                find("firewalls").found());
        admit("ip6", "iifname \"banger0\" accept", "oifname \"banger0\" tcp dport 80 accept");
        assertEquals(Level.WARNING, find("firewalls").level());
        admit("ip6", "iifname \"banger0\" accept", "oifname \"banger0\" accept");
        assertEquals(Level.OK, find("firewalls").level());
    }

    private void admit(String family, String... rules) {
        printed.put(
                "nft list chain " + family + " filter DOCKER-USER", "chain {\n\t" + String.join("\n\t", rules) + "\n}");
    }

    private void set(String setting, String value) throws IOException {
        Path file = folder.resolve("net").resolve(setting);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    private Finding find(String name) {
        var works = new DriverFitness(true, "works", null, null);
        var here = new Surroundings(
                store.paths(),
                null,
                null,
                program -> Optional.empty(),
                new Kvm(true, "works", null),
                new Surroundings.Drivers(config -> works, config -> works, config -> works),
                folder);
        var host = new HostAnswers(
                folder.resolve("net"), requirements, line -> Optional.ofNullable(printed.get(String.join(" ", line))));
        return NetworkChecks.of(here, host).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }
}
