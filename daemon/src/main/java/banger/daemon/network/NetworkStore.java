package banger.daemon.network;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Keeps what the bridge is made of across restarts. Safe for any number of threads; each call is one transaction. */
public interface NetworkStore {
    Optional<Bridge> bridge();

    /** Records the bridge in place of another. */
    void put(Bridge bridge);

    List<Lease> leases();

    /** Records the leases in place of the VMs' others. */
    void put(List<Lease> leases);

    /** Forgets the VM's lease; no error where there is none. */
    void delete(UUID vm);

    /** The names of the TAP devices that were made, or were about to be. */
    Set<String> taps();

    void addTaps(List<String> names);

    void deleteTaps(List<String> names);
}
