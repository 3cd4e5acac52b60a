package banger.daemon.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The host's bridge: its device, which names the packet filter's tables as well, and its ranges of addresses.
 *
 * @param v6 null on a host without IPv6
 */
public record Bridge(String name, Subnet v4, @Nullable Subnet v6) {
    private static final int HOST = 1;

    /** The host's own addresses on it: the guests' gateways and name servers. */
    public List<InetAddress> gateways() {
        return addresses(HOST);
    }

    /** A guest's addresses, by the number of its lease. */
    public List<InetAddress> addresses(int number) {
        var addresses = new ArrayList<>(List.of(v4.address(number)));
        if (v6 != null) {
            addresses.add(v6.address(number));
        }
        return addresses;
    }

    /** Whether it is a guest's, or could be: of the bridge's ranges and not the host's own. */
    boolean isGuest(InetAddress address) {
        return subnets().stream().anyMatch(subnet -> subnet.contains(address))
                && !gateways().contains(address);
    }

    public List<Subnet> subnets() {
        return v6 == null ? List.of(v4) : List.of(v4, v6);
    }

    /** A bridge that is given none takes the lowest of its ports', and so changes its own whenever ports do. */
    String hardwareAddress() {
        var sum = new CRC32();
        sum.update((name + v4 + v6).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        long suffix = sum.getValue();
        return String.format(
                Locale.ROOT,
                "02:62:%02x:%02x:%02x:%02x",
                suffix >> 24 & 0xff,
                suffix >> 16 & 0xff,
                suffix >> 8 & 0xff,
                suffix & 0xff);
    }
}
