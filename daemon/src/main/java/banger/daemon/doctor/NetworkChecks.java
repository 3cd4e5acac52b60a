package banger.daemon.doctor;

import banger.daemon.network.Bridge;
import banger.daemon.network.BridgeRequirements;
import banger.daemon.network.HostNetwork;
import banger.daemon.network.Subnet;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Programs;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks of what VMs on the bridge need of the host's network, and of what may be in their way. */
final class NetworkChecks {
    private static final Path FORWARD_V4 = Path.of("/proc/sys/net/ipv4/ip_forward");

    private final HostPaths paths;

    private NetworkChecks(HostPaths paths) {
        this.paths = paths;
    }

    static List<Check> of(HostPaths paths) {
        NetworkChecks checks = new NetworkChecks(paths);
        return List.of(
                new Check("bridge", checks::bridge),
                new Check("routes", checks::routes),
                new Check("forwarding", checks::forwarding),
                new Check("firewalls", checks::firewalls));
    }

    private Finding bridge() {
        try {
            BridgeRequirements.check();
        } catch (Problem e) {
            return Finding.ok("only networks user and none: " + e.getMessage());
        }
        return recorded()
                .map(bridge -> Finding.ok(bridge.name() + ", " + bridge.v4()
                        + (bridge.v6() == null ? ", no IPv6 on this host" : " and " + bridge.v6())))
                .orElse(Finding.ok("possible; none yet, it is made for the first vm with --network bridge"));
    }

    /** A VPN that came up after the range was chosen may lead to the same addresses. */
    private Finding routes() {
        Optional<Bridge> bridge = recorded();
        if (bridge.isEmpty() || Programs.find("ip").isEmpty()) {
            return Finding.ok("no bridge to overlap with");
        }
        Subnet range = bridge.get().v4();
        List<String> clashes = HostNetwork.ranges(
                        HostNetwork.routes(), bridge.get().name())
                .stream()
                .filter(range::overlaps)
                .map(Subnet::toString)
                .distinct()
                .toList();
        return clashes.isEmpty()
                ? Finding.ok("no route of the host overlaps " + range)
                : Finding.warning(
                        "the bridge's " + range + " overlaps the host's route to " + String.join(", ", clashes),
                        "banger vm stop --all && banger daemon restart (another range is chosen)");
    }

    private Finding forwarding() {
        if (recorded().isEmpty()) {
            return Finding.ok("not needed without a bridge");
        }
        try {
            return Files.readString(FORWARD_V4).strip().equals("1")
                    ? Finding.ok("the host forwards packets")
                    : Finding.warning(
                            "the host forwards no packets, so vms on the bridge do not get beyond it",
                            "sudo sysctl -w net.ipv4.ip_forward=1");
        } catch (IOException e) {
            return Finding.warning(FORWARD_V4 + " cannot be read: " + e.getMessage(), null);
        }
    }

    /** Who else drops what is forwarded: a packet must be accepted by every one. */
    private Finding firewalls() {
        Optional<Bridge> bridge = recorded();
        if (bridge.isEmpty()) {
            return Finding.ok("nothing to be in the way of without a bridge");
        }
        String name = bridge.get().name();
        if (lists("table", "inet", "firewalld")) {
            return Finding.warning(
                    "firewalld is active, and rejects what " + name + " forwards unless it knows the bridge",
                    "sudo firewall-cmd --permanent --zone=trusted --add-interface=" + name
                            + " && sudo firewall-cmd --reload");
        }
        Optional<String> forward = listing("chain", "ip", "filter", "FORWARD");
        if (forward.isPresent() && forward.get().contains("policy drop") && !admits(name)) {
            String chain = lists("chain", "ip", "filter", "DOCKER-USER") ? "DOCKER-USER" : "FORWARD";
            return Finding.warning(
                    (chain.equals("FORWARD") ? "iptables" : "docker")
                            + " drops what is forwarded, vms' packets among it",
                    "sudo iptables -I " + chain + " -i " + name + " -j ACCEPT && sudo iptables -I " + chain + " -o "
                            + name + " -j ACCEPT");
        }
        return Finding.ok("none drops what the bridge forwards");
    }

    private static boolean admits(String bridge) {
        return List.of("DOCKER-USER", "FORWARD").stream()
                .anyMatch(chain -> listing("chain", "ip", "filter", chain)
                        .filter(text -> text.matches("(?s).*\"" + bridge + "\".* accept.*"))
                        .isPresent());
    }

    private static boolean lists(String... what) {
        return listing(what).isPresent();
    }

    private static Optional<String> listing(String... what) {
        if (Programs.find("nft").isEmpty()) {
            return Optional.empty();
        }
        var line = new java.util.ArrayList<>(List.of("nft", "list"));
        line.addAll(List.of(what));
        var result = Command.of(line).run();
        return result.status() == 0 ? Optional.of(result.output()) : Optional.empty();
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
