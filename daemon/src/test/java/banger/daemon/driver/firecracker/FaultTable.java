package banger.daemon.driver.firecracker;

import banger.daemon.network.Lease;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.FaultPoint;
import banger.daemon.problem.Problem;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The fault table under Firecracker's stand-in: at each step of each action the daemon fails, and then a daemon in a
 * process of its own ends there as by kill -9; afterwards nothing is left that nobody owns, and the next cell's actions
 * work. It prints each cell that holds. A program, as only a whole process can live in a network namespace.
 */
public final class FaultTable {
    private static final int KILLED = 137;
    private static final Duration CLEARED_BOUND = Duration.ofMinutes(1);

    private final Path folder;
    private final boolean bridged;
    private FaultHouse house;

    private FaultTable(Path folder, boolean bridged) throws IOException {
        this.folder = folder;
        this.bridged = bridged;
        house = new FaultHouse(folder, bridged);
    }

    /** FOLDER and whether on a bridge; and, for a daemon that is to die, the row and the step. */
    public static void main(String[] arguments) throws IOException {
        var table = new FaultTable(Path.of(arguments[0]), Boolean.parseBoolean(arguments[1]));
        if (arguments.length > 2) {
            FaultPoint step = FaultPoint.valueOf(arguments[3]);
            FaultPoint.arm(point -> {
                if (point == step) {
                    Runtime.getRuntime().halt(KILLED);
                }
            });
            table.act(FaultRow.valueOf(arguments[2]));
            System.exit(0);
        }
        for (FaultRow row : FaultRow.values()) {
            for (FaultPoint step : row.steps(table.bridged)) {
                table.failing(row, step);
                table.dying(row, step);
                System.out.println(row + " " + step);
            }
        }
        table.house.close();
        System.exit(0);
    }

    private void act(FaultRow row) {
        switch (row) {
            case CREATE -> house.create();
            case START -> house.lifecycle().start(house.vm(), Progress.NONE);
            case STOP -> house.lifecycle().stop(house.vm(), Duration.ZERO, Progress.NONE);
            case DELETE, DELETE_STOPPED -> house.lifecycle().delete(house.vm(), Progress.NONE);
        }
    }

    /** As it is before the action, by whatever other actions lead there. */
    private void prepare(FaultRow row) {
        FaultPoint.arm(point -> {});
        if (row.before == null) {
            house.all().forEach(vm -> house.lifecycle().delete(vm, Progress.NONE));
            nothingIsLeft();
            return;
        }
        Vm vm = house.all().isEmpty() ? house.create() : house.vm();
        if (row.before == VmState.STOPPED) {
            house.lifecycle().stop(vm, Duration.ZERO, Progress.NONE);
            stopped();
        } else {
            house.lifecycle().start(vm, Progress.NONE);
            require(house.bridgedRight(), "the port is published");
        }
    }

    private void failing(FaultRow row, FaultPoint step) {
        prepare(row);
        var done = new AtomicBoolean();
        FaultPoint.arm(point -> {
            // For the first that comes: the thread that sees the process end does some of the same.
            if (point == step && done.compareAndSet(false, true)) {
                throw new Problem(Problem.Kind.FAILED, "failed for the test");
            }
        });
        try {
            act(row);
        } catch (Problem e) {
            require("failed for the test".equals(e.getMessage()), "it failed as it was to: " + e.getMessage());
        }
        require(done.get(), "it came by " + step);
        switch (row) {
            case CREATE -> nothingIsLeft();
            case START -> stopped();
            case STOP -> {
                act(row);
                stopped();
            }
            case DELETE, DELETE_STOPPED -> {
                house.all().forEach(vm -> act(row));
                nothingIsLeft();
            }
        }
    }

    private void dying(FaultRow row, FaultPoint step) {
        prepare(row);
        house.leave();
        int exit = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FaultTable.class.getName(),
                        folder.toString(),
                        Boolean.toString(bridged),
                        row.name(),
                        step.name())
                .run()
                .status();
        require(exit == KILLED, row + " came by " + step + ": " + exit);
        try {
            house = new FaultHouse(folder, bridged);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        boolean runs = step == FaultPoint.RUNNING_RECORDED;
        switch (row) {
            // It was made; only its client was not told.
            case CREATE, START -> {
                if (runs) {
                    require(house.vm().state() == VmState.RUNNING, "it runs: " + house.vm());
                } else if (row == FaultRow.CREATE) {
                    nothingIsLeft();
                } else {
                    stopped();
                }
            }
            case STOP -> stopped();
            case DELETE, DELETE_STOPPED -> nothingIsLeft();
        }
    }

    private void stopped() {
        Vm vm = house.vm();
        require(vm.state() == VmState.STOPPED, "the vm is stopped: " + vm);
        require(!Household.hasProcess(vm), "it has no process");
        require(!Files.exists(house.runtime(vm)), "it has no sockets");
        if (bridged) {
            List<Lease> leases = house.leases();
            require(leases.size() == 1 && leases.getFirst().tap() == null, "it keeps its address alone: " + leases);
        }
        cleared();
    }

    private void nothingIsLeft() {
        require(house.all().isEmpty(), "no vm is left: " + house.all());
        require(house.leases().isEmpty(), "no address is left: " + house.leases());
        require(house.files().isEmpty(), "no file and no socket is left: " + house.files());
        require(house.processes().isEmpty(), "no process is left: " + house.processes());
        cleared();
    }

    /** A device that was given back is deleted in the background. */
    private void cleared() {
        if (!bridged) {
            return;
        }
        String rules = FaultHouse.rules();
        require(!rules.contains("8080") && !rules.contains("tap-pool-"), "no rule is left: " + rules);
        long end = System.nanoTime() + CLEARED_BOUND.toNanos();
        while (!house.taps().isEmpty() || FaultHouse.links().contains("tap-pool-")) {
            require(System.nanoTime() < end, "no device is left: " + house.taps() + FaultHouse.links());
            Thread.onSpinWait();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The network of the table's VMs. */
    static NetworkMode mode(boolean bridged) {
        return bridged ? NetworkMode.BRIDGE : NetworkMode.NONE;
    }
}
