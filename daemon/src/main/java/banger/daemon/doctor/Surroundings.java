package banger.daemon.doctor;

import banger.daemon.config.Config;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Programs;
import banger.daemon.vm.DriverFitness;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The host as the checks see it; tests make others.
 *
 * @param environment the environment that a daemon would have
 * @param programs finds a program's file by its name
 * @param kvm whether KVM works
 * @param drivers what a daemon would choose under some settings
 * @param agent the guest agent's binary
 */
public record Surroundings(
        HostPaths paths,
        Map<String, String> environment,
        Function<String, Optional<Path>> programs,
        Kvm kvm,
        Drivers drivers,
        Path agent) {
    /**
     * The drivers, which only the program's Main knows.
     *
     * @param chosen what runs VMs
     * @param firecracker the Firecracker program by itself, whether or not KVM works
     * @param jailer whether Firecracker is put into a jail, or why not
     */
    public record Drivers(
            Function<Config, DriverFitness> chosen,
            Function<Config, DriverFitness> firecracker,
            Function<Config, DriverFitness> jailer) {}

    public static Surroundings of(
            HostPaths paths, Map<String, String> environment, Kvm kvm, Drivers drivers, Path agent) {
        return new Surroundings(paths, environment, Programs::find, kvm, drivers, agent);
    }
}
