package banger.daemon.doctor;

import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Programs;
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
 * @param agent the guest agent's binary
 */
public record Surroundings(
        HostPaths paths,
        Map<String, String> environment,
        Function<String, Optional<Path>> programs,
        Kvm kvm,
        Path agent) {

    public static Surroundings of(HostPaths paths, Map<String, String> environment, Kvm kvm, Path agent) {
        return new Surroundings(paths, environment, Programs::find, kvm, agent);
    }
}
