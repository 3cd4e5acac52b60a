package banger.daemon.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import banger.daemon.driver.ChosenDriver.Candidate;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.DriverFitness;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.VmSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChosenDriverTest {
    private final Named bare = new Named("bare", NetworkMode.NONE);
    private final Named full = new Named("full", NetworkMode.NONE, NetworkMode.USER);

    @Test
    void theFirstThatServesTheShapeRunsTheVm() {
        ChosenDriver driver = of(bare, full);
        assertSame(bare, driver.choose(spec(NetworkMode.NONE, 1)));
        assertSame(full, driver.choose(spec(NetworkMode.USER, 1)));
    }

    @Test
    void oneThatDoesNotWorkHereIsPassedOver() {
        bare.fitness = DriverFitness.unfit("bare is not installed", "install it");
        ChosenDriver driver = of(bare, full);
        assertSame(full, driver.choose(spec(NetworkMode.NONE, 1)));
        assertEquals("full", driver.name());
        assertEquals("not bare: bare is not installed; full for network none, user: full works", driver.description());
    }

    @Test
    void oneThatIsInstalledLaterIsFound() {
        bare.fitness = DriverFitness.unfit("bare is not installed", null);
        ChosenDriver driver = of(bare, full);
        assertSame(full, driver.choose(spec(NetworkMode.NONE, 1)));
        bare.fitness = DriverFitness.fit("bare works", null);
        assertSame(bare, driver.choose(spec(NetworkMode.NONE, 1)));
    }

    @Test
    void whatNoneServesIsRefusedInTheWordsOfTheLast() {
        Problem network = assertThrows(Problem.class, () -> of(bare).require(spec(NetworkMode.USER, 1)));
        assertEquals("bare does not serve network user: expected none", network.getMessage());
        Problem vcpus = assertThrows(Problem.class, () -> of(full).require(spec(NetworkMode.USER, 5)));
        assertEquals("full gives a vm at most 4 vcpus, 5 are wanted", vcpus.getMessage());
    }

    @Test
    void whereNothingWorksTheReasonsAreListed() {
        bare.fitness = DriverFitness.unfit("bare is not installed", null);
        full.fitness = DriverFitness.unfit("full is too old", "sudo apt-get install full");
        DriverFitness fitness = of(bare, full).fitness();
        assertFalse(fitness.works());
        assertEquals("no driver works here: bare: bare is not installed; full: full is too old", fitness.found());
        assertEquals("sudo apt-get install full", fitness.fix());
    }

    @Test
    void theWarningOfTheOneThatIsChosenIsPassedOn() {
        bare.fitness = DriverFitness.fit("bare works", "it limps");
        assertEquals("it limps", of(bare, full).fitness().warning());
    }

    @Test
    void aRunningVmStaysWithTheDriverThatStartedIt() {
        var runtime = new Runtime("bare", 1, 1, "boot", Instant.EPOCH, List.of());
        UUID vm = UUID.randomUUID();
        // The configuration allows another only, by now.
        new ChosenDriver(List.of(new Candidate(full, () -> full.fitness)), List.of(bare, full)).attach(vm, runtime);
        assertEquals(List.of(vm), bare.attached);
        assertEquals(List.of(), full.attached);
    }

    @Test
    void aSweepReachesEveryDriver() {
        UUID vm = UUID.randomUUID();
        new ChosenDriver(List.of(new Candidate(full, () -> full.fitness)), List.of(bare, full)).sweep(vm);
        assertEquals(List.of(vm), bare.swept);
        assertEquals(List.of(vm), full.swept);
    }

    private ChosenDriver of(Named... drivers) {
        return new ChosenDriver(
                List.of(drivers).stream()
                        .map(each -> new Candidate(each, () -> each.fitness))
                        .toList(),
                List.of(bare, full));
    }

    private static VmSpec spec(NetworkMode network, int vcpus) {
        return new VmSpec(vcpus, 1L << 30, 1L << 30, network, List.of());
    }

    /** A driver that runs nothing and remembers what it is asked. */
    private static final class Named implements Driver {
        private final String name;
        private final Set<NetworkMode> networks;
        private final List<UUID> attached = new ArrayList<>();
        private final List<UUID> swept = new ArrayList<>();
        private DriverFitness fitness;

        Named(String name, NetworkMode... networks) {
            this.name = name;
            this.networks = Set.of(networks);
            fitness = DriverFitness.fit(name + " works", null);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return name;
        }

        @Override
        public DriverCapabilities capabilities() {
            return new DriverCapabilities(4, 4, networks, false, false);
        }

        @Override
        public MachinePlan complete(MachinePlan plan) {
            return plan;
        }

        @Override
        public Machine start(MachinePlan plan) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Machine> attach(UUID vm, Runtime runtime) {
            attached.add(vm);
            return Optional.empty();
        }

        @Override
        public void sweep(UUID vm) {
            swept.add(vm);
        }
    }
}
