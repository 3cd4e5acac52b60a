package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.doctor.Surroundings;
import banger.daemon.driver.ChosenDriver;
import banger.daemon.driver.ChosenDriver.Candidate;
import banger.daemon.driver.firecracker.FirecrackerDriver;
import banger.daemon.driver.firecracker.FirecrackerProbe;
import banger.daemon.driver.qemu.QemuDriver;
import banger.daemon.driver.qemu.QemuProbe;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The part of the wiring that knows which drivers there are, and which of them the configuration allows. */
final class Drivers {
    private Drivers() {}

    /** @param kvm whether KVM works, asked at each start */
    static ChosenDriver chosen(Config config, HostPaths paths, Supplier<Kvm> kvm) {
        FirecrackerProbe probe = firecracker(config, kvm);
        var firecracker = new FirecrackerDriver(probe::find, paths, Path.of("/sys/fs/cgroup"), config.diskLimits());
        var qemu = new QemuDriver(() -> QemuProbe.find(config.qemuBin()), paths, config.diskLimits());
        var mayBeFirecracker = new Candidate(firecracker, probe::fitness);
        var mayBeQemu = new Candidate(qemu, () -> QemuProbe.fitness(config.qemuBin()));
        List<Candidate> allowed = switch (config.driver()) {
            case AUTO -> List.of(mayBeFirecracker, mayBeQemu);
            case FIRECRACKER -> List.of(mayBeFirecracker);
            case QEMU -> List.of(mayBeQemu);
        };
        return new ChosenDriver(allowed, List.of(firecracker, qemu));
    }

    static FirecrackerProbe firecracker(Config config, Supplier<Kvm> kvm) {
        return new FirecrackerProbe(config.firecrackerBin(), kvm, FirecrackerProbe::jailForbidden);
    }

    /** What {@code doctor} is told of them. */
    static Surroundings.Drivers diagnosed(HostPaths paths, Supplier<Kvm> kvm) {
        return new Surroundings.Drivers(
                config -> chosen(config, paths, kvm).fitness(),
                config -> firecracker(config, kvm).program(),
                config -> firecracker(config, kvm).jailer());
    }

    static Kvm kvm() {
        return Kvm.look(Kvm.DEVICE, HostCpu.ofThisHost().virtualizes());
    }
}
