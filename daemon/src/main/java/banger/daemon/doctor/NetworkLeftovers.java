package banger.daemon.doctor;

import banger.daemon.doctor.Leftover.Kind;
import banger.daemon.network.Bridge;
import banger.daemon.network.HostNetwork;
import banger.daemon.network.HostNetwork.Link;
import banger.daemon.network.Lease;
import banger.daemon.os.Command;
import banger.daemon.os.Privileges;
import banger.daemon.os.Privileges.Capability;
import banger.daemon.os.Programs;
import banger.daemon.state.SqliteNetworkStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of banger's is in the host's network, and which of it no record accounts for. Ready TAP devices are capacity. */
final class NetworkLeftovers {
    private static final String TAPS = "tap-pool-";
    private static final Pattern TAP = Pattern.compile("\"(tap-pool-\\d+)\"");
    private static final Pattern PUBLISHED = Pattern.compile("[0-9. ]+ : ([0-9.]+) \\. \\d+");
    private static final List<String> FAMILIES = List.of("bridge", "inet");

    /** What is there: the devices with this banger's mark, its tables, and what its sets name. */
    record Seen(Set<String> devices, Set<String> tables, Set<String> admitted, Set<String> published) {
        static final Seen NOTHING = new Seen(Set.of(), Set.of(), Set.of(), Set.of());
    }

    /** What accounts for it. */
    record Known(@Nullable Bridge bridge, Set<String> taps, List<Lease> leases) {
        static final Known NOTHING = new Known(null, Set.of(), List.of());

        static Known read(SqliteNetworkStore store) {
            return new Known(store.bridge().orElse(null), store.taps(), store.leases());
        }
    }

    private NetworkLeftovers() {}

    /** What is recorded, of nothing that there is. */
    private static List<Leftover> records(Seen seen, Known known, Predicate<String> mayBe) {
        List<Leftover> found = new ArrayList<>();
        known.leases().stream()
                .map(lease -> lease.vm().toString())
                .filter(vm -> !mayBe.test(vm))
                .sorted()
                .forEach(vm -> found.add(new Leftover(Kind.NETWORK, "addresses of vm " + vm)));
        // Without privileges, or with the bridge gone as after a reboot, there is nothing to compare them with.
        Bridge bridge = known.bridge();
        if (bridge != null && seen.devices().contains(bridge.name())) {
            known.taps().stream()
                    .filter(tap -> !seen.devices().contains(tap))
                    .sorted()
                    .forEach(tap -> found.add(new Leftover(Kind.NETWORK, "record of tap device " + tap)));
        }
        return found;
    }

    /** @param mark what is written on all of this banger's */
    static Seen look(String mark) {
        boolean possible = Privileges.lacking(List.of(Capability.NET_ADMIN)).isEmpty()
                && Programs.find("ip").isPresent()
                && Programs.find("nft").isPresent();
        if (!possible) {
            return Seen.NOTHING;
        }
        Set<String> devices = HostNetwork.links().stream()
                .filter(link -> mark.equals(link.ifalias()))
                .map(Link::ifname)
                .collect(Collectors.toSet());
        var tables = new HashSet<String>();
        var admitted = new HashSet<String>();
        var published = new HashSet<String>();
        for (String table : tables()) {
            String text = Command.of(("nft list " + table).split(" ")).run().output();
            if (text.contains("comment \"" + mark + "\"")) {
                tables.add(table);
                TAP.matcher(text).results().forEach(found -> admitted.add(found.group(1)));
                PUBLISHED.matcher(text).results().forEach(found -> published.add(found.group(1)));
            }
        }
        return new Seen(devices, tables, admitted, published);
    }

    private static List<String> tables() {
        // A kernel without nftables has none.
        return Command.of("nft", "list", "tables")
                .run()
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> FAMILIES.stream().anyMatch(family -> line.startsWith("table " + family + " banger")))
                .toList();
    }

    /**
     * @param mayRun whether there is such a VM, in a state in which it may have a process
     * @param mayBe whether there is such a VM, or may be one that has no record yet
     */
    static List<Leftover> of(Seen seen, Known known, Predicate<String> mayRun, Predicate<String> mayBe) {
        List<Leftover> found = new ArrayList<>(records(seen, known, mayBe));
        Bridge bridge = known.bridge();
        Set<String> names = new HashSet<>(known.taps());
        if (bridge != null) {
            names.add(bridge.name());
        }
        seen.devices().stream()
                .filter(device -> !names.contains(device))
                .sorted()
                .forEach(device -> found.add(
                        new Leftover(Kind.NETWORK, (device.startsWith(TAPS) ? "tap device " : "bridge ") + device)));
        seen.tables().stream()
                .filter(table -> bridge == null || !table.endsWith(" " + bridge.name()))
                .sorted()
                .forEach(table -> found.add(new Leftover(Kind.NETWORK, "nftables " + table)));
        Map<String, Lease> running = known.leases().stream()
                .filter(lease -> lease.tap() != null && mayRun.test(lease.vm().toString()))
                .collect(Collectors.toMap(lease -> Objects.requireNonNull(lease.tap()), lease -> lease));
        seen.admitted().stream()
                .filter(tap -> !running.containsKey(tap))
                .sorted()
                .forEach(tap -> found.add(new Leftover(Kind.NETWORK, "packet filter entries of " + tap)));
        Set<String> addresses = running.values().stream()
                .filter(lease -> bridge != null)
                .map(lease -> Objects.requireNonNull(bridge)
                        .v4()
                        .address(lease.number())
                        .getHostAddress())
                .collect(Collectors.toSet());
        seen.published().stream()
                .filter(address -> !addresses.contains(address))
                .sorted()
                .forEach(address -> found.add(new Leftover(Kind.NETWORK, "published ports of " + address)));
        return found;
    }
}
