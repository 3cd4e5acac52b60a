package banger.daemon.vm;

import java.util.Set;

/**
 * What a driver can do, so that the rest asks for an ability and not for a name.
 *
 * @param maxDisks how many disks fit a machine, with all other devices in place
 * @param networks the network modes that it serves
 */
public record DriverCapabilities(int maxDisks, Set<NetworkMode> networks) {
    public DriverCapabilities {
        networks = Set.copyOf(networks);
    }
}
