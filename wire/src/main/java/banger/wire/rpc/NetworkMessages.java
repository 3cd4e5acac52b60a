package banger.wire.rpc;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages about the network of VMs. */
public final class NetworkMessages {
    private NetworkMessages() {}

    /** The bridge, or why there is none. */
    @Json
    public record NetworkView(
            @Nullable BridgeView bridge, @Nullable String without) {}

    /** {@code ready} TAP devices wait for VMs, {@code taken} are theirs. Addresses are without prefix lengths. */
    @Json
    public record BridgeView(
            String name,
            List<String> subnets,
            List<String> nameServers,
            String domain,
            int ready,
            int taken,
            List<GuestView> guests) {}

    /** A VM's place on the bridge; {@code tap} is null while it does not run. */
    @Json
    public record GuestView(
            String vm, List<String> addresses, @Nullable String tap) {}
}
