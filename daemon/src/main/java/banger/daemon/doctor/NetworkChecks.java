package banger.daemon.doctor;

import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.network.Bridge;
import banger.daemon.network.HostNetwork;
import banger.daemon.network.HostResolvers;
import banger.daemon.network.Lease;
import banger.daemon.network.NameProbe;
import banger.daemon.network.NameServer;
import banger.daemon.network.Subnet;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.os.Programs;
import banger.daemon.problem.Problem;
import banger.daemon.rpc.DaemonProbe;
import banger.daemon.rpc.DaemonProbe.Answer;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks of what VMs on the bridge need of the host's network, and of what may be in their way. */
final class NetworkChecks {
    private final Surroundings here;
    private static final String RANGE_FIX = "banger vm stop --all && banger daemon restart";

    private final HostPaths paths;
    private final HostAnswers host;

    private NetworkChecks(Surroundings here, HostAnswers host) {
        this.here = here;
        this.host = host;
        paths = here.paths();
    }

    static List<Check> of(Surroundings here, HostAnswers host) {
        NetworkChecks checks = new NetworkChecks(here, host);
        return List.of(
                new Check("bridge", checks::bridge),
                new Check("routes", checks::routes),
                new Check("forwarding", checks::forwarding),
                new Check("filter", checks::filter),
                new Check("names", checks::names),
                new Check("firewalls", checks::firewalls));
    }

    private Finding bridge() {
        try {
            host.requirements().run();
        } catch (Problem e) {
            if (isDefault()) {
                return Finding.failure(
                        "defaults.network is bridge, and this host has none: " + e.getMessage(), e.hint());
            }
            return Finding.ok("only networks user and none: " + e.getMessage());
        }
        return recorded()
                .map(bridge -> cutOff(bridge)
                        .orElse(Finding.ok(bridge.name() + ", " + bridge.v4()
                                + (bridge.v6() == null ? ", no IPv6 on this host" : " and " + bridge.v6()))))
                .orElse(Finding.ok("possible; none yet, it is made for the first vm with --network bridge"));
    }

    /** Devices of running VMs that somebody took away. */
    private Optional<Finding> cutOff(Bridge bridge) {
        Map<String, String> running = namesByTap();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        if (!isThere(bridge.name())) {
            return Optional.of(Finding.failure(
                    bridge.name() + " is gone, with " + String.join(", ", running.values()) + " on it",
                    "banger daemon restart"));
        }
        List<String> gone = running.entrySet().stream()
                .filter(each -> !isThere(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.failure(
                        "the network device of " + String.join(", ", gone) + " is gone",
                        "banger vm restart " + String.join(" ", gone)));
    }

    /** The VMs on the bridge whose processes live, by their devices. */
    private Map<String, String> namesByTap() {
        try (Database database = Database.openReadOnly(paths.database())) {
            Map<UUID, String> taps = new SqliteNetworkStore(database)
                    .leases().stream()
                            .filter(lease -> lease.tap() != null)
                            .collect(Collectors.toMap(Lease::vm, lease -> Objects.requireNonNull(lease.tap())));
            Map<String, String> names = new TreeMap<>();
            for (Vm vm : new SqliteVmStore(database).list()) {
                String tap = taps.get(vm.id());
                if (tap != null && lives(vm.runtime())) {
                    names.put(tap, vm.name());
                }
            }
            return names;
        }
    }

    private static boolean lives(@Nullable Runtime runtime) {
        return runtime != null && new HostProcess(runtime.pid(), runtime.startTicks()).isAlive();
    }

    private boolean isDefault() {
        Config config = settings();
        return config != null && config.defaults().network() == NetworkMode.BRIDGE;
    }

    /** The settings, or null where they cannot be read: the check of config.toml says why. */
    private @Nullable Config settings() {
        try {
            return ConfigFile.load(paths.configFile(), here.certificates());
        } catch (Problem e) {
            return null;
        }
    }

    /** A VPN that came up after the range was chosen may lead to the same addresses. */
    private Finding routes() {
        if (Programs.find("ip").isEmpty()) {
            return Finding.ok("not looked at: there is no ip");
        }
        Optional<Bridge> bridge = recorded();
        Config config = settings();
        Subnet set = config == null ? null : config.network().subnet();
        if (set != null && !bridge.map(Bridge::v4).equals(Optional.of(set))) {
            return willBe(set, bridge);
        }
        if (bridge.isEmpty()) {
            return Finding.ok("no bridge to overlap with");
        }
        Subnet range = bridge.get().v4();
        List<String> clashes = clashes(range, bridge);
        return clashes.isEmpty()
                ? Finding.ok("no route of the host overlaps " + range)
                : Finding.warning(
                        "the bridge's " + range + " overlaps the host's route to " + String.join(", ", clashes)
                                + "; while no vm runs on it a daemon's start chooses another",
                        RANGE_FIX);
    }

    /** A range that was set after the bridge had got its own. */
    private Finding willBe(Subnet set, Optional<Bridge> bridge) {
        List<String> clashes = clashes(set, bridge);
        if (!clashes.isEmpty()) {
            return Finding.failure(
                    "network.subnet " + set + " overlaps the host's route to " + String.join(", ", clashes)
                            + ", so no vm can start on a bridge of that range",
                    "set another network.subnet in " + paths.configFile());
        }
        return bridge.filter(each -> isThere(each.name()))
                .map(each -> Finding.warning(
                        "network.subnet is " + set + ", and the bridge keeps " + each.v4() + " while vms run on it",
                        RANGE_FIX))
                .orElse(Finding.ok("no route of the host overlaps " + set));
    }

    private static List<String> clashes(Subnet range, Optional<Bridge> bridge) {
        return HostNetwork.ranges(HostNetwork.routes(), bridge.map(Bridge::name).orElse("")).stream()
                .filter(range::overlaps)
                .map(Subnet::toString)
                .distinct()
                .toList();
    }

    private Finding forwarding() {
        Optional<Bridge> bridge = recorded();
        if (bridge.isEmpty()) {
            return Finding.ok("not needed without a bridge");
        }
        if (!isThere(bridge.get().name())) {
            return Finding.ok(bridge.get().name() + " is not there now; whoever makes it turns it on");
        }
        var settings = new ArrayList<>(List.of("ipv4/ip_forward"));
        if (bridge.get().v6() != null) {
            settings.add("ipv6/conf/all/forwarding");
        }
        List<String> off = settings.stream().filter(each -> !isOn(each)).toList();
        return off.isEmpty()
                ? Finding.ok("the host forwards packets")
                : Finding.warning(
                        "the host forwards no packets, so vms on the bridge do not get beyond it: "
                                + String.join(", ", off) + " is not 1",
                        "sudo sysctl -w"
                                + off.stream()
                                        .map(each -> " net." + each.replace('/', '.') + "=1")
                                        .collect(Collectors.joining()));
    }

    private boolean isOn(String setting) {
        try {
            return Files.readString(host.settings().resolve(setting)).strip().equals("1");
        } catch (IOException e) {
            return false;
        }
    }

    /** Another's flush takes the tables too, and with them all that keeps guests from each other and from the host. */
    private Finding filter() {
        Optional<Bridge> bridge = recorded();
        if (bridge.isEmpty()) {
            return Finding.ok("not needed without a bridge");
        }
        String name = bridge.get().name();
        if (!isThere(name)) {
            return Finding.ok(name + " is not there now");
        }
        if (host.ask("nft", "list", "tables").isEmpty()) {
            return Finding.ok("this user cannot look at it: nft list tables");
        }
        List<String> gone = Stream.of("bridge", "inet")
                .filter(family -> host.ask("nft", "list", "table", family, name).isEmpty())
                .map(family -> "table " + family + " " + name)
                .toList();
        return gone.isEmpty()
                ? Finding.ok("both tables of " + name + " are there")
                : Finding.failure(
                        String.join(", ", gone) + " is gone, so guests are not filtered", "banger daemon restart");
    }

    /** Guests ask the daemon, and the daemon asks whom the host asks. */
    private Finding names() {
        Optional<Bridge> bridge = recorded();
        List<InetAddress> servers = HostResolvers.now().stream()
                .filter(server -> bridge.isEmpty() || !bridge.get().gateways().contains(server))
                .toList();
        if (servers.isEmpty()) {
            return Finding.warning(
                    "/etc/resolv.conf names no server but the bridge's, so guests find no names of the world",
                    "put a line \"nameserver ADDRESS\" into /etc/resolv.conf");
        }
        String others = "all others from " + text(servers);
        if (bridge.isEmpty() || !isThere(bridge.get().name())) {
            return Finding.ok("no bridge is there to serve; " + others);
        }
        if (!(DaemonProbe.ask(paths.socket(), StoreChecks.ANSWER_BOUND) instanceof Answer.Running)) {
            return Finding.ok("guests on the bridge have names while a daemon runs; " + others);
        }
        for (InetAddress server : bridge.get().gateways()) {
            Optional<String> failure = NameProbe.failure(server);
            if (failure.isPresent()) {
                return Finding.warning(
                        "guests have no name server at " + server.getHostAddress() + ": " + failure.get(),
                        "banger daemon restart; if another program has the port: sudo ss -lnup 'sport = 53'");
            }
        }
        return Finding.ok(
                "NAME." + NameServer.DOMAIN + " at " + text(bridge.get().gateways()) + ", " + others);
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }

    private boolean isThere(String bridge) {
        return Files.exists(host.settings().resolve("ipv4/conf/" + bridge));
    }

    private Finding firewalls() {
        return recorded()
                .map(bridge -> new Firewalls(host, bridge).find())
                .orElse(Finding.ok("nothing to be in the way of without a bridge"));
    }

    private Optional<Bridge> recorded() {
        if (!Files.exists(paths.database())) {
            return Optional.empty();
        }
        try (Database database = Database.openReadOnly(paths.database())) {
            return new SqliteNetworkStore(database).bridge();
        }
    }
}
