package banger.daemon.network;

import banger.daemon.os.Command;
import banger.daemon.os.Commands;
import banger.daemon.problem.Problem;
import io.avaje.jsonb.Json;
import io.avaje.jsonb.Jsonb;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host's network devices and routes, read and changed through {@code ip}. */
public final class HostNetwork {
    private static final Jsonb JSON = Jsonb.builder().build();
    /** A route to so many addresses is a default route in another coat, as VPNs have them. */
    private static final int DEFAULT_PREFIX = 3;

    private HostNetwork() {}

    /** A network device; {@code ifalias} is what its maker wrote on it. */
    @Json
    public record Link(
            String ifname,
            @Nullable String master,
            @Nullable String ifalias) {}

    /** A route; {@code dst} is {@code default}, an address or a range. */
    @Json
    public record Route(
            String dst, @Nullable String dev, @Nullable String protocol) {
        boolean isDefault() {
            return dst.equals("default");
        }
    }

    public static List<Link> links() {
        // In lines: what a program writes in one line is kept up to a bound, and would be as long as the host has
        // devices.
        return parsed(
                Link.class, Command.of("ip", "-json", "-pretty", "link", "show").succeed());
    }

    /** Every route of both families, those of the host's own addresses among them. */
    public static List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (String family : new String[] {"-4", "-6"}) {
            // Where the kernel lacks a family, its routes are none.
            Commands.Result shown = Command.of("ip", family, "-json", "-pretty", "route", "show", "table", "all")
                    .run();
            if (shown.status() == 0 && !shown.output().isBlank()) {
                routes.addAll(parsed(Route.class, shown.output()));
            }
        }
        return routes;
    }

    private static <T> List<T> parsed(Class<T> type, String text) {
        try {
            return JSON.type(type).list().fromJson(text);
        } catch (RuntimeException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "what ip says of the host's network cannot be read: " + e.getMessage(),
                    null,
                    e);
        }
    }

    /** The ranges that the host's routes lead to, but for those through that device. */
    public static List<Subnet> ranges(List<Route> routes, String besides) {
        return routes.stream()
                .filter(route -> !route.isDefault() && !besides.equals(route.dev()))
                .map(HostNetwork::range)
                .filter(range -> range.prefix() > DEFAULT_PREFIX)
                .toList();
    }

    private static Subnet range(Route route) {
        int slash = route.dst().indexOf('/');
        String address = slash < 0 ? route.dst() : route.dst().substring(0, slash);
        InetAddress ip = InetAddress.ofLiteral(address);
        int all = ip.getAddress().length * Byte.SIZE;
        return Subnet.around(ip, slash < 0 ? all : Integer.parseInt(route.dst().substring(slash + 1)));
    }

    /** Does each line of {@code ip}'s, in order; stops at the first that fails. */
    static void change(List<String> lines) {
        Command.of("ip", "-batch", "-").reading(text(lines)).succeed();
    }

    /** The same, whatever fails on the way: for what may be gone already. */
    static void changeAsFarAsPossible(List<String> lines) {
        Command.of("ip", "-force", "-batch", "-").reading(text(lines)).run();
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
