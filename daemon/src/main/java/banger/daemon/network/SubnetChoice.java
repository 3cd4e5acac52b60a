package banger.daemon.network;

import banger.daemon.problem.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses ranges for the bridge that no route of the host's leads to. */
final class SubnetChoice {
    private static final int PREFIX = 22;
    /** Private ranges that few others use, the likeliest to be free first, so that the choice tends to stay. */
    private static final List<Subnet> AREAS =
            List.of(Subnet.parse("10.209.0.0/16"), Subnet.parse("172.29.0.0/16"), Subnet.parse("192.168.208.0/20"));

    private static final int V6_PREFIX = 64;

    private SubnetChoice() {}

    /**
     * An IPv4 range.
     *
     * @param wanted the one that the settings name, if they do
     * @throws Problem where the wanted one, or every one, overlaps a range in use
     */
    static Subnet choose(@Nullable Subnet wanted, List<Subnet> used) {
        for (Subnet candidate : wanted == null ? candidates() : List.of(wanted)) {
            if (used.stream().noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        throw new Problem(
                Problem.Kind.FAILED,
                wanted == null
                        ? "every private range that banger would take for its bridge overlaps a route of this host"
                        : "network.subnet " + wanted + " overlaps a route of this host",
                "set network.subnet to a free range: ip route show table all");
    }

    private static List<Subnet> candidates() {
        var all = new ArrayList<Subnet>();
        for (Subnet area : AREAS) {
            int step = 1 << Integer.SIZE - PREFIX;
            for (int at = 0; at < 1 << Integer.SIZE - area.prefix(); at += step) {
                all.add(new Subnet(area.address(at), PREFIX));
            }
        }
        return all;
    }

    /** An IPv6 range of one's own making, as RFC 4193 has them: 40 random bits make it one that nobody else has. */
    static Subnet chooseV6(RandomGenerator random) {
        byte[] raw = new byte[16];
        raw[0] = (byte) 0xfd;
        for (int i = 1; i <= 5; i++) {
            raw[i] = (byte) random.nextInt();
        }
        try {
            return new Subnet(InetAddress.getByAddress(raw), V6_PREFIX);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
