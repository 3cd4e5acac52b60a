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
import org.jspecify.annotations.Nullable;

/**
 * The host as the checks see it; tests make others.
 *
 * @param certificates what guests are given where the settings do not say, or null
 * @param sharedSocket of the daemon that the user shares with others, or null: their own serves them
 * @param programs finds a program's file by its name
 * @param kvm whether KVM works
 * @param drivers what a daemon would choose under some settings
 * @param agent the guest agent's binary
 */
public record Surroundings(
        HostPaths paths,
        @Nullable Path certificates,
        @Nullable Path sharedSocket,
        Function<String, Optional<Path>> programs,
        Kvm kvm,
        Drivers drivers,
        Path agent) {
    private static final String SOCKET_VARIABLE = "BANGER_SOCKET";

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

    /** @param environment says which daemon's socket commands use */
    public static Surroundings of(
            HostPaths paths,
            @Nullable Path certificates,
            Map<String, String> environment,
            Kvm kvm,
            Drivers drivers,
            Path agent) {
        String socket = environment.getOrDefault(SOCKET_VARIABLE, "");
        Path shared = socket.isEmpty() ? null : Path.of(socket);
        return new Surroundings(paths, certificates, shared, Programs::find, kvm, drivers, agent);
    }
}
