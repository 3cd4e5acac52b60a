package banger.daemon.lifecycle;

import banger.daemon.frozen.FrozenMachine;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A driver whose machines are objects; they outlive a daemon as processes would. */
final class FakeDriver implements Driver {
    /** What happens to each guest right after its start. */
    volatile Consumer<FakeGuest> onStart = guest -> {};

    volatile boolean startFails;
    volatile String fingerprint = "fake";
    final Crash crash = new Crash();

    private final Path folder;
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<FakeMachine> handed = new ConcurrentLinkedQueue<>();
    private final Map<UUID, FakeGuest> guests = new ConcurrentHashMap<>();

    FakeDriver(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public String description() {
        return "a fake";
    }

    @Override
    public DriverCapabilities capabilities() {
        return new DriverCapabilities(8, 64, Set.of(NetworkMode.USER, NetworkMode.NONE), true, false);
    }

    @Override
    public MachinePlan complete(MachinePlan plan) {
        return plan;
    }

    @Override
    public Machine start(MachinePlan plan) {
        if (startFails) {
            throw new Problem(Problem.Kind.MISSING_REQUIREMENT, "the fake does not start", "try a real one");
        }
        int number = count.incrementAndGet();
        var runtime = new Runtime(
                "fake", number, number, "boot", Instant.now(), plan.spec().publish());
        var guest = new FakeGuest(runtime, folder.resolve("m" + number));
        FrozenMachine origin = plan.origin();
        if (origin != null) {
            guest.memory = read(origin.memory());
            guest.paused = true;
        }
        guests.put(plan.vm(), guest);
        onStart.accept(guest);
        return hold(guest);
    }

    @Override
    public Optional<Machine> attach(UUID vm, Runtime runtime) {
        return Optional.ofNullable(guests.get(vm))
                .filter(guest -> guest.runtime.pid() == runtime.pid() && guest.isAlive())
                .map(this::hold);
    }

    @Override
    public void sweep(UUID vm) {
        FakeGuest guest = guests.get(vm);
        if (guest != null) {
            guest.kill();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Machine hold(FakeGuest guest) {
        var machine = new FakeMachine(guest, crash);
        handed.add(machine);
        return machine;
    }

    /** The daemon ends, and lets go of every stream. */
    void abandonAll() {
        handed.forEach(FakeMachine::abandon);
        guests.values().forEach(FakeGuest::breakStream);
    }

    /** The guest that was started last for that VM. */
    FakeGuest of(UUID vm) {
        return Optional.ofNullable(guests.get(vm)).orElseThrow();
    }

    List<FakeGuest> alive() {
        return guests.values().stream().filter(FakeGuest::isAlive).toList();
    }

    int started() {
        return count.get();
    }
}
