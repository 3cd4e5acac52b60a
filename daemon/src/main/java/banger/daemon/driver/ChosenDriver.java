package banger.daemon.driver;

import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.DriverFitness;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.VmSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Several drivers as one: each VM is started by the first that may be used, works here and serves its shape.
 *
 * <p>Whether a driver works is asked at each start, so that one which is installed later is found. A VM that runs stays
 * with the driver that started it, whatever would be chosen now.
 */
public final class ChosenDriver implements Driver {
    private final List<Candidate> allowed;
    private final List<Driver> all;

    /** A driver that may be chosen, and how to see whether it works here. */
    public record Candidate(Driver driver, Supplier<DriverFitness> fitness) {}

    /**
     * @param allowed what the configuration allows, the best first
     * @param all every driver that may have VMs running from before
     */
    public ChosenDriver(List<Candidate> allowed, List<Driver> all) {
        this.allowed = List.copyOf(allowed);
        this.all = List.copyOf(all);
    }

    /** What would be chosen for a VM that leaves it open, and why. */
    public DriverFitness fitness() {
        List<Candidate> fit = fit();
        String reasons = allowed.stream()
                .map(each -> each.driver().name() + ": " + each.fitness().get().found())
                .collect(Collectors.joining("; "));
        if (fit.isEmpty()) {
            return DriverFitness.unfit(
                    "no driver works here: " + reasons,
                    allowed.getLast().fitness().get().fix());
        }
        return DriverFitness.fit(description(), fit.getFirst().fitness().get().warning());
    }

    @Override
    public String name() {
        List<Candidate> fit = fit();
        return (fit.isEmpty() ? allowed : fit).getFirst().driver().name();
    }

    @Override
    public String description() {
        return allowed.stream().map(this::described).collect(Collectors.joining("; "));
    }

    private String described(Candidate each) {
        DriverFitness fitness = each.fitness().get();
        if (!fitness.works()) {
            return "not " + each.driver().name() + ": " + fitness.found();
        }
        Set<NetworkMode> left = EnumSet.noneOf(NetworkMode.class);
        left.addAll(each.driver().capabilities().networks());
        for (Candidate earlier : fit()) {
            if (earlier == each) {
                break;
            }
            left.removeAll(earlier.driver().capabilities().networks());
        }
        String modes = left.stream()
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(", "));
        return each.driver().name() + " for network " + modes + ": " + fitness.found();
    }

    /** The sum of what works here; {@link #require} tells for one VM. */
    @Override
    public DriverCapabilities capabilities() {
        List<Candidate> fit = fit();
        Set<NetworkMode> networks = EnumSet.noneOf(NetworkMode.class);
        int disks = 0;
        int vcpus = 0;
        boolean freezes = false;
        boolean overlays = false;
        for (Candidate each : fit.isEmpty() ? allowed : fit) {
            DriverCapabilities own = each.driver().capabilities();
            networks.addAll(own.networks());
            disks = Math.max(disks, own.maxDisks());
            vcpus = Math.max(vcpus, own.maxVcpus());
            freezes |= own.freezes();
            overlays |= own.overlays();
        }
        return new DriverCapabilities(disks, vcpus, networks, freezes, overlays);
    }

    @Override
    public void require(VmSpec spec) {
        pick(spec);
    }

    @Override
    public Driver choose(VmSpec spec) {
        return pick(spec);
    }

    @Override
    public MachinePlan complete(MachinePlan plan) {
        return pick(plan.spec()).complete(plan);
    }

    @Override
    public Machine start(MachinePlan plan) {
        return pick(plan.spec()).start(plan);
    }

    @Override
    public Optional<Machine> attach(UUID vm, Runtime runtime) {
        return all.stream()
                .filter(driver -> driver.name().equals(runtime.driver()))
                .findFirst()
                .flatMap(driver -> driver.attach(vm, runtime));
    }

    @Override
    public void sweep(UUID vm) {
        all.forEach(driver -> driver.sweep(vm));
    }

    private List<Candidate> fit() {
        return allowed.stream().filter(each -> each.fitness().get().works()).toList();
    }

    /** The first that works and serves the shape; where none does, what the last one lacks is the problem to report. */
    private Driver pick(VmSpec spec) {
        Problem lacking = null;
        for (Candidate each : allowed) {
            DriverFitness fitness = each.fitness().get();
            if (!fitness.works()) {
                lacking = new Problem(Problem.Kind.MISSING_REQUIREMENT, fitness.found(), fitness.fix());
                continue;
            }
            try {
                each.driver().require(spec);
                return each.driver();
            } catch (Problem e) {
                lacking = e;
            }
        }
        throw lacking == null ? new Problem(Problem.Kind.MISSING_REQUIREMENT, "there is no driver") : lacking;
    }
}
