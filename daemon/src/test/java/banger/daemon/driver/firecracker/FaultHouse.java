package banger.daemon.driver.firecracker;

import banger.daemon.network.BridgeGuest;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.BridgedDriver;
import banger.daemon.network.Lease;
import banger.daemon.network.NetworkStore;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.ProcessTable;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The fault table's daemon: it finds what an earlier one has left, and has at most one VM. */
final class FaultHouse {
    private final HostPaths paths;
    private final boolean bridged;
    private final Household house;
    private NetworkStore store;

    FaultHouse(Path folder, boolean bridged) throws IOException {
        this.bridged = bridged;
        paths = HostPaths.of(
                Map.of(
                        "HOME",
                        folder.toString(),
                        "XDG_RUNTIME_DIR",
                        folder.resolve("run").toString()),
                0);
        Path program = StandInProgram.in(folder, "1.13.1");
        var probe = new FirecrackerProbe(
                program, () -> new Kvm(true, "the stand-in needs none", null), () -> Optional.of("without a jail"));
        house = new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, folder.resolve("cgroup"), DiskLimits.NONE),
                SmallVmFiles.image(),
                new SmallVmFiles(paths),
                this::network);
        house.restart();
    }

    private Household.Network network(Database database) {
        store = new SqliteNetworkStore(database);
        if (!bridged) {
            return Household.Network.NONE;
        }
        // No device is ready, so that each is made where it is wanted, in the thread that wants it.
        var network = new BridgeNetwork(store, "table", new BridgeNetwork.Settings(null, true, 0));
        return new Household.Network() {
            @Override
            public Driver around(Driver driver) {
                return new BridgedDriver(driver, network);
            }

            @Override
            public GuestSetup.Files guest() {
                return new BridgeGuest(network);
            }

            @Override
            public void begin(Set<UUID> known) {
                network.begin(known, true, bridge -> () -> {});
            }
        };
    }

    Lifecycle lifecycle() {
        return house.lifecycle;
    }

    Vm create() {
        Vm draft = house.draft("beta", FaultTable.mode(bridged));
        VmSpec spec = draft.spec();
        var ports = bridged ? List.of(new PublishedPort("127.0.0.1", 8080, 80)) : List.<PublishedPort>of();
        return house.create(
                draft.withSpec(new VmSpec(spec.vcpus(), spec.memoryBytes(), spec.diskBytes(), spec.network(), ports)));
    }

    List<Vm> all() {
        return house.vms.list();
    }

    Vm vm() {
        return all().getFirst();
    }

    List<Lease> leases() {
        return store.leases();
    }

    Set<String> taps() {
        return store.taps();
    }

    Path runtime(Vm vm) {
        return house.runtime(vm);
    }

    /** Whether what a running VM has of the network is there. */
    boolean bridgedRight() {
        return !bridged || rules().contains("8080");
    }

    /** What is in the folders of VMs. */
    List<Path> files() {
        return Stream.of(paths.vm(""), paths.vmRuntime(""))
                .filter(Files::exists)
                .flatMap(FaultHouse::children)
                .toList();
    }

    /** Those that work in a VM's folder. */
    List<ProcessTable.Entry> processes() {
        return ProcessTable.list().stream()
                .filter(entry -> entry.argv().contains("--api-sock")
                        && entry.process()
                                .folder()
                                .filter(each -> each.startsWith(paths.vm("")))
                                .isPresent())
                .toList();
    }

    private static Stream<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String rules() {
        return Command.of("nft", "list", "ruleset").succeed();
    }

    static String links() {
        return Command.of("ip", "-o", "link").succeed();
    }

    /** Its VMs stay as they are. */
    void leave() {
        house.leave();
    }

    void close() {
        house.close();
    }
}
