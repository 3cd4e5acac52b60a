package banger.daemon.driver.firecracker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The Firecracker program of this host.
 *
 * @param jailer the jailer of the same version, where the daemon may use it, or null
 */
public record FirecrackerProgram(
        Path binary, FirecrackerVersion version, @Nullable Path jailer) {}
