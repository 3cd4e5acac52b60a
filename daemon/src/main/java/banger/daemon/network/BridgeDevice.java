package banger.daemon.network;

import banger.daemon.network.HostNetwork.Link;
import banger.daemon.network.HostNetwork.Route;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The bridge on the host: chosen, recorded, made, found again and removed. */
final class BridgeDevice {
    private static final String PREFIX = "banger";
    private static final int NAMES = 100;
    private static final Path SETTINGS = Path.of("/proc/sys/net");
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final System.Logger LOG = System.getLogger(BridgeDevice.class.getName());

    private final NetworkStore store;
    private final String owner;

    /** @param owner the mark on all that is made */
    BridgeDevice(NetworkStore store, String owner) {
        this.store = store;
        this.owner = owner;
    }

    String owner() {
        return owner;
    }

    /**
     * The bridge as it is recorded, made where it is missing.
     *
     * @param mayMove whether no VM uses it, so that another range is chosen where a route has come to overlap this one
     */
    Bridge bring(@Nullable Subnet wanted, boolean mayMove) {
        Map<String, Link> links =
                HostNetwork.links().stream().collect(Collectors.toMap(Link::ifname, Function.identity()));
        List<Route> routes = HostNetwork.routes();
        Bridge recorded = store.bridge()
                .filter(each -> !isAnothers(links.get(each.name())))
                .orElse(null);
        Bridge bridge = recorded;
        if (bridge == null || mayMove && !fits(bridge, wanted, routes)) {
            bridge = choose(recorded, wanted, links, routes);
            store.put(bridge);
        }
        if (!bridge.equals(recorded) || !isWhole(links.get(bridge.name()))) {
            make(bridge);
        }
        forward(bridge, routes);
        return bridge;
    }

    /**
     * The devices that are ready for VMs: of those that are there, the ones that are recorded and not taken. What is
     * there without a record goes, and so does a record without its device, and a device that was cut off half made.
     */
    List<String> bringTaps(Bridge bridge, Set<@Nullable String> taken) {
        List<Link> links = HostNetwork.links();
        List<String> ours = links.stream()
                .filter(link -> owner.equals(link.ifalias()) && link.ifname().startsWith(TapPool.PREFIX))
                .map(Link::ifname)
                .toList();
        Set<String> recorded = store.taps();
        List<String> unknown =
                ours.stream().filter(tap -> !recorded.contains(tap)).toList();
        List<String> halfMade = links.stream()
                .filter(link -> recorded.contains(link.ifname()) && link.ifalias() == null && link.master() == null)
                .map(Link::ifname)
                .toList();
        TapPool.delete(Stream.concat(unknown.stream(), halfMade.stream()).toList());
        store.deleteTaps(recorded.stream().filter(tap -> !ours.contains(tap)).toList());
        List<String> kept = ours.stream().filter(recorded::contains).toList();
        // A bridge that was made anew has none of its ports any more.
        HostNetwork.change(kept.stream()
                .map(tap -> "link set dev " + tap + " " + TapPool.joining(bridge, owner))
                .toList());
        return kept.stream().filter(tap -> !taken.contains(tap)).toList();
    }

    static boolean isThere(Bridge bridge) {
        return Files.exists(INTERFACES.resolve(bridge.name()));
    }

    void remove(Bridge bridge) {
        HostNetwork.changeAsFarAsPossible(List.of("link del dev " + bridge.name()));
    }

    private static boolean fits(Bridge bridge, @Nullable Subnet wanted, List<Route> routes) {
        return (wanted == null || wanted.equals(bridge.v4()))
                && HostNetwork.ranges(routes, bridge.name()).stream().noneMatch(bridge.v4()::overlaps);
    }

    /** The mark is the last thing that a bridge gets. */
    private boolean isWhole(@Nullable Link link) {
        return link != null && owner.equals(link.ifalias());
    }

    private boolean isAnothers(@Nullable Link link) {
        return link != null && link.ifalias() != null && !owner.equals(link.ifalias());
    }

    private static Bridge choose(
            @Nullable Bridge old, @Nullable Subnet wanted, Map<String, Link> links, List<Route> routes) {
        String name = IntStream.range(0, NAMES)
                .mapToObj(number -> PREFIX + number)
                .filter(each -> !links.containsKey(each) || old != null && each.equals(old.name()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.FAILED, "there are " + NAMES + " bridges of banger's on this host", "ip link"));
        Subnet v4 = SubnetChoice.choose(wanted, HostNetwork.ranges(routes, old == null ? "" : old.name()));
        Subnet v6 = hasV6() ? SubnetChoice.chooseV6(new SecureRandom()) : null;
        LOG.log(System.Logger.Level.INFO, "the bridge {0} has {1} and {2}", name, v4, String.valueOf(v6));
        return new Bridge(name, v4, v6);
    }

    private void make(Bridge bridge) {
        String name = bridge.name();
        var lines = new ArrayList<>(List.of(
                // Without snooping: a guest without a link-local address cannot say which groups it listens to.
                "link add name " + name + " address " + bridge.hardwareAddress()
                        + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                "link set dev " + name + " up"));
        for (Subnet subnet : bridge.subnets()) {
            InetAddress host = subnet.address(1);
            lines.add("addr add " + host.getHostAddress() + "/" + subnet.prefix() + " dev " + name
                    + (subnet.isV4() ? "" : " nodad"));
        }
        lines.add("link set dev " + name + " alias \"" + owner + "\"");
        remove(bridge);
        try {
            HostNetwork.change(lines);
        } catch (Problem e) {
            remove(bridge);
            throw e;
        }
    }

    private static boolean hasV6() {
        try {
            return Files.readString(SETTINGS.resolve("ipv6/conf/all/disable_ipv6"))
                    .strip()
                    .equals("0");
        } catch (IOException e) {
            return false;
        }
    }

    private static void forward(Bridge bridge, List<Route> routes) {
        // So that what is published on the host's own loopback address can be led to the bridge.
        set("ipv4/conf/" + bridge.name() + "/route_localnet", "1");
        set("ipv4/ip_forward", "1");
        if (bridge.v6() != null) {
            set("ipv6/conf/" + bridge.name() + "/accept_ra", "0");
            // A host that forwards takes no routes from routers' advertisements unless it is told to all the same.
            routes.stream()
                    .filter(route -> route.isDefault() && "ra".equals(route.protocol()))
                    .map(Route::dev)
                    .filter(Objects::nonNull)
                    .forEach(device -> set("ipv6/conf/" + device + "/accept_ra", "2"));
            set("ipv6/conf/all/forwarding", "1");
        }
    }

    private static void set(String setting, String value) {
        Path file = SETTINGS.resolve(setting);
        try {
            if (!Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "the kernel setting " + file + " cannot be set to " + value + ": " + e.getMessage(),
                    "sudo sysctl -w net." + setting.replace('/', '.') + "=" + value,
                    e);
        }
    }
}
