import banger.daemon.network.BridgeNetwork;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/**
 * Puts VMs, as far as the network knows them, on a bridge and takes them off again, and prints what that took. The
 * network says by itself what each device took: its log goes to standard error.
 *
 * <p>To be run by the source launcher, as root and in a network namespace of its own.
 */
public final class NetworkBench {
    private static final int VMS = 50;
    private static final int MADE = 20;

    private NetworkBench() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        // Every device is made when it is wanted, then every one is taken from the pool.
        run(file.resolve("made.db"), "bench:made", 0, MADE);
        run(file.resolve("pool.db"), "bench:pool", VMS, VMS);
    }

    private static void run(Path file, String mark, int ready, int vms) {
        var settings = new BridgeNetwork.Settings(null, true, ready);
        try (Database database = Database.open(file);
                var network = new BridgeNetwork(new SqliteNetworkStore(database), mark, settings)) {
            List<UUID> all = new ArrayList<>();
            for (int i = 0; i < vms; i++) {
                all.add(UUID.randomUUID());
            }
            network.begin(new HashSet<>(all), true, bridge -> () -> {});
            // The pool is filled in the background, in one go.
            while (network.state().ready() < ready) {
                Thread.onSpinWait();
            }
            all.forEach(vm -> network.attach(vm, List.of()));
            long begun = System.nanoTime();
            network.release(all);
            System.out.println("release " + vms + " " + (System.nanoTime() - begun) / 1000);
            all.forEach(network::forget);
        }
    }
}
