package banger.daemon.network;

import banger.daemon.vm.PublishedPort;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A VM's place on the bridge, which it keeps until it is deleted.
 *
 * @param number its address' distance from the beginning of the bridge's range
 * @param tap the TAP device that it has while it runs
 * @param ports what is published of it while it runs
 */
public record Lease(UUID vm, int number, @Nullable String tap, List<PublishedPort> ports) {
    public Lease {
        ports = List.copyOf(ports);
    }

    Lease attached(String device, List<PublishedPort> published) {
        return new Lease(vm, number, device, published);
    }

    Lease detached() {
        return new Lease(vm, number, null, List.of());
    }
}
