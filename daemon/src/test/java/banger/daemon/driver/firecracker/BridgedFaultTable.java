package banger.daemon.driver.firecracker;

import banger.daemon.network.BridgeGuest;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.BridgedDriver;
import banger.daemon.network.Lease;
import banger.daemon.network.NetworkStore;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The network's part of the fault table, for a VM on a bridge with a published port under Firecracker's stand-in. A
 * program of its own, as only a whole process can live in a network namespace; it prints each cell that holds.
 */
public final class BridgedFaultTable {
    static final List<FaultPoint> CREATE = List.of(
            FaultPoint.TAP_RECORDED,
            FaultPoint.TAP_MADE,
            FaultPoint.TAP_TAKEN,
            FaultPoint.LEASE_RECORDED,
            FaultPoint.FILTER_OPENED);
    static final List<FaultPoint> STOP =
            List.of(FaultPoint.FILTER_CLOSED, FaultPoint.LEASE_ENDED, FaultPoint.TAP_GIVEN_BACK);
    /** The others are a stop's, and in a deletion may be done by the thread that sees the process end. */
    static final List<FaultPoint> DELETE = List.of(FaultPoint.LEASE_FORGOTTEN);

    private static final Duration CLEARED_BOUND = Duration.ofMinutes(1);

    /** What the dead daemon's thread ends with; nobody catches it. */
    private static final class Dead extends Error {
        private static final long serialVersionUID = 1;
    }

    private final Household house;
    private NetworkStore store;

    private BridgedFaultTable(Path folder) throws IOException {
        HostPaths paths = HostPaths.of(
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
                this::bridge);
    }

    private Household.Network bridge(Database database) {
        store = new SqliteNetworkStore(database);
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

    public static void main(String[] arguments) throws IOException {
        var table = new BridgedFaultTable(Path.of(arguments[0]));
        CREATE.forEach(step -> table.cell("create", step, table::create));
        STOP.forEach(step -> table.cell("stop", step, table::stop));
        DELETE.forEach(step -> table.cell("delete", step, table::delete));
        table.house.close();
        System.exit(0);
    }

    private void cell(String action, FaultPoint step, java.util.function.Consumer<FaultPoint> work) {
        work.accept(step);
        System.out.println(action + " " + step);
    }

    private Vm draft() {
        Vm vm = house.draft("beta", NetworkMode.BRIDGE);
        VmSpec spec = vm.spec();
        var ports = List.of(new PublishedPort("127.0.0.1", 8080, 80));
        return vm.withSpec(new VmSpec(spec.vcpus(), spec.memoryBytes(), spec.diskBytes(), NetworkMode.BRIDGE, ports));
    }

    private void create(FaultPoint step) {
        Vm failed = draft();
        failing(step, () -> house.create(failed));
        nothingIsLeft();
        Vm cut = draft();
        dying(step, () -> house.create(cut));
        nothingIsLeft();
        Vm vm = house.create(draft());
        require(rules().contains("8080"), "the port is published");
        house.lifecycle.delete(vm, Progress.NONE);
        nothingIsLeft();
    }

    private void stop(FaultPoint step) {
        Vm vm = house.create(draft());
        failing(step, () -> house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE));
        house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE);
        stopped(vm);
        house.lifecycle.start(house.now(vm), Progress.NONE);
        dying(step, () -> house.lifecycle.stop(vm, Duration.ZERO, Progress.NONE));
        stopped(vm);
        house.lifecycle.start(house.now(vm), Progress.NONE);
        house.lifecycle.delete(vm, Progress.NONE);
        nothingIsLeft();
    }

    private void delete(FaultPoint step) {
        Vm vm = house.create(draft());
        failing(step, () -> house.lifecycle.delete(vm, Progress.NONE));
        house.lifecycle.delete(vm, Progress.NONE);
        nothingIsLeft();
        Vm cut = house.create(draft());
        dying(step, () -> house.lifecycle.delete(cut, Progress.NONE));
        nothingIsLeft();
    }

    private void stopped(Vm vm) {
        require(house.now(vm).state() == VmState.STOPPED, "the vm is stopped: " + house.now(vm));
        List<Lease> leases = store.leases();
        require(leases.size() == 1 && leases.getFirst().tap() == null, "it keeps its address alone: " + leases);
        cleared();
    }

    private void nothingIsLeft() {
        require(house.vms.list().isEmpty(), "no vm is left: " + house.vms.list());
        require(store.leases().isEmpty(), "no address is left: " + store.leases());
        cleared();
    }

    /** A device that was given back is deleted in the background. */
    private void cleared() {
        String rules = rules();
        require(!rules.contains("8080") && !rules.contains("tap-pool-"), "no rule is left: " + rules);
        long end = System.nanoTime() + CLEARED_BOUND.toNanos();
        while (!store.taps().isEmpty() || links().contains("tap-pool-")) {
            require(System.nanoTime() < end, "no device is left: " + store.taps() + links());
            Thread.onSpinWait();
        }
    }

    private void failing(FaultPoint step, Runnable work) {
        once(step, () -> {
            throw new Problem(Problem.Kind.FAILED, "failed for the test");
        });
        try {
            work.run();
        } catch (Problem e) {
            require("failed for the test".equals(e.getMessage()), "it failed as it was to: " + e.getMessage());
            return;
        }
        throw new AssertionError("it did not come by " + step);
    }

    private void dying(FaultPoint step, Runnable work) {
        once(step, () -> {
            throw new Dead();
        });
        try {
            work.run();
        } catch (Dead e) {
            house.restart();
            return;
        }
        throw new AssertionError("it did not come by " + step);
    }

    /** Only in this thread: the one that sees a process end comes by some of the same steps. */
    private static void once(FaultPoint step, Runnable what) {
        var done = new AtomicBoolean();
        Thread worker = Thread.currentThread();
        FaultPoint.arm(point -> {
            if (point == step && Thread.currentThread() == worker && done.compareAndSet(false, true)) {
                what.run();
            }
        });
    }

    private static String rules() {
        return Command.of("nft", "list", "ruleset").succeed();
    }

    private static String links() {
        return Command.of("ip", "-o", "link").succeed();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
