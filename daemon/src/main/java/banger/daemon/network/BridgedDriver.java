package banger.daemon.network;

import banger.daemon.problem.Problem;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.VmSpec;
import java.util.Optional;
import java.util.UUID;

/** A driver whose machines are attached to the bridge where they want it: before they start, until they have ended. */
public final class BridgedDriver implements Driver {
    private final Driver driver;
    private final BridgeNetwork network;

    public BridgedDriver(Driver driver, BridgeNetwork network) {
        this.driver = driver;
        this.network = network;
    }

    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public String description() {
        return driver.description();
    }

    @Override
    public String fingerprint() {
        return driver.fingerprint();
    }

    @Override
    public DriverCapabilities capabilities() {
        return driver.capabilities();
    }

    @Override
    public void require(VmSpec spec) {
        if (spec.network() == NetworkMode.BRIDGE) {
            BridgeRequirements.check();
        }
        driver.require(spec);
    }

    @Override
    public Driver choose(VmSpec spec) {
        return driver.choose(spec);
    }

    @Override
    public MachinePlan complete(MachinePlan plan) {
        if (plan.spec().network() != NetworkMode.BRIDGE) {
            return driver.complete(plan);
        }
        return plan.withPublish(
                plan.spec().publish().stream().map(PublishedPort::chosen).toList());
    }

    @Override
    public Machine start(MachinePlan plan) {
        if (plan.spec().network() != NetworkMode.BRIDGE) {
            return driver.start(plan);
        }
        var attachment = network.attach(plan.vm(), plan.spec().publish());
        try {
            return driver.start(plan.with(attachment));
        } catch (RuntimeException e) {
            released(plan.vm(), e);
            throw e;
        }
    }

    @Override
    public Optional<Machine> attach(UUID vm, Runtime runtime) {
        return driver.attach(vm, runtime);
    }

    @Override
    public void sweep(UUID vm) {
        driver.sweep(vm);
        network.release(vm);
    }

    /** A process that could not be ended keeps its device, and the failure says so. */
    private void released(UUID vm, RuntimeException failure) {
        try {
            sweep(vm);
        } catch (Problem e) {
            failure.addSuppressed(e);
        }
    }
}
