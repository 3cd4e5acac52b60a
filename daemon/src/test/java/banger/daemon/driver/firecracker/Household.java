package banger.daemon.driver.firecracker;

import banger.daemon.guest.AgentSession;
import banger.daemon.guest.ExecRequest;
import banger.daemon.guest.GuestProcess;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.ProcessTable;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.Creation;
import banger.daemon.vm.Creation.Way;
import banger.daemon.vm.DeadDaemon;
import banger.daemon.vm.Driver;
import banger.daemon.vm.Forks;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.NoTemplates;
import banger.daemon.vm.Reconciliation;
import banger.daemon.vm.Suspension;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmFiles;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import banger.daemon.vm.VmStore;
import banger.daemon.vm.Vms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parts of a daemon that VMs need, over a store of their own and the Firecracker driver. */
final class Household implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final long MEMORY_BYTES = 256L << 20;
    private static final long DISK_BYTES = 1L << 30;

    final HostPaths paths;
    final FirecrackerDriver driver;
    final VmStore vms;
    final VmFiles files;
    private final Database database;
    private final ImageStore images;
    private final Image image;
    private final Function<Database, Network> networks;
    private Network network = Network.NONE;
    LiveVms live = new LiveVms();
    Lifecycle lifecycle;
    Suspension suspension;
    private Vms all;

    /** What a daemon's network is to its VMs. */
    interface Network {
        Network NONE = new Network() {};

        default Driver around(Driver driver) {
            return driver;
        }

        default GuestSetup.Files guest() {
            return vm -> List.of();
        }

        /** After it is clear which VMs run. */
        default void begin(Set<UUID> known) {}
    }

    Household(HostPaths paths, FirecrackerDriver driver, Image image, VmFiles files) {
        this(paths, driver, image, files, database -> Network.NONE);
    }

    /** @param networks makes each daemon's */
    Household(
            HostPaths paths,
            FirecrackerDriver driver,
            Image image,
            VmFiles files,
            Function<Database, Network> networks) {
        this.networks = networks;
        this.paths = paths.prepare();
        this.driver = driver;
        this.files = files;
        database = Database.open(paths.database());
        vms = new SqliteVmStore(database);
        images = new SqliteImageStore(database);
        // A household of an earlier process may have put it.
        this.image = images.list().stream().findFirst().orElseGet(() -> images.put(image));
        all = newVms();
        suspension = new Suspension(all);
        lifecycle = new Lifecycle(all, suspension);
        network.begin(vms.list().stream().map(Vm::id).collect(Collectors.toSet()));
    }

    /** The daemon dies, and another takes its place. */
    void restart() {
        DeadDaemon.leave(live);
        live = new LiveVms();
        all = newVms();
        suspension = new Suspension(all);
        lifecycle = new Lifecycle(all, suspension);
        new Reconciliation(all).run();
        network.begin(vms.list().stream().map(Vm::id).collect(Collectors.toSet()));
    }

    private Vms newVms() {
        network = networks.apply(database);
        return new Vms(vms, images, files, network.around(driver), new GuestSetup(network.guest()), live);
    }

    /** A VM that is not made yet. */
    Vm draft(String name, NetworkMode network) {
        Instant now = Instant.now();
        String machineId = UUID.randomUUID().toString().replace("-", "");
        var spec = new VmSpec(1, MEMORY_BYTES, DISK_BYTES, network, List.of());
        return new Vm(
                UUID.randomUUID(), name, image.id(), spec, VmState.CREATING, machineId, null, null, null, now, now);
    }

    Vm create(String name) {
        return create(draft(name, NetworkMode.NONE));
    }

    /** A running copy of it. */
    Vm fork(Vm vm, String name) {
        var forks = new Forks(all, new Creation(all, new NoTemplates()));
        List<Vm> copies = forks.plan(vm, List.of(name));
        forks.fork(vm, copies, Progress.NONE);
        return now(copies.getFirst());
    }

    Vm create(Vm draft) {
        return new Creation(all, new NoTemplates()).create(draft, Way.COLD, Progress.NONE);
    }

    Vm now(Vm vm) {
        return vms.find(vm.id()).orElseThrow();
    }

    /** What the command writes, run in the guest. */
    String exec(Vm vm, String... argv) throws IOException {
        AgentSession session = live.session(vm);
        try (GuestProcess process = GuestProcess.start(session, ExecRequest.of(false, argv), BOUND)) {
            return new String(process.stdout().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** Whether any process carries the VM's id. */
    static boolean hasProcess(Vm vm) {
        return ProcessTable.list().stream()
                .anyMatch(entry -> entry.argv().contains(vm.id().toString()));
    }

    Image image() {
        return image;
    }

    Path folder(Vm vm) {
        return paths.vm(vm.id().toString());
    }

    Path runtime(Vm vm) {
        return paths.vmRuntime(vm.id().toString());
    }

    /** The daemon ends, and its VMs stay as they are. */
    void leave() {
        DeadDaemon.leave(live);
        database.close();
    }

    /** Ends every VM. */
    @Override
    public void close() {
        for (Vm vm : vms.list()) {
            lifecycle.delete(vm, Progress.NONE);
        }
        database.close();
    }
}
