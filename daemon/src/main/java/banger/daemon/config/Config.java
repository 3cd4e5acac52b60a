package banger.daemon.config;

import banger.daemon.network.BridgeNetwork;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.NetworkMode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The user's settings (config.example.toml says what each is for).
 *
 * @param qemuBin null: looked for on PATH
 * @param firecrackerBin null: looked for on PATH
 * @param stopGrace how long a guest may take to shut down before it is forced off
 * @param consoleLogBytes the most that a VM's console log takes on disk
 * @param caCertificates a PEM file of what guests shall trust beside their own, or null
 * @param automaticTemplates whether a create that found no template has one made for the next
 * @param suspendAfter how long a VM must have been idle to be suspended, or null: none is
 * @param sshKeyPath the private key to log in to guests with, or null: banger's own
 */
public record Config(
        DriverChoice driver,
        @Nullable Path qemuBin,
        @Nullable Path firecrackerBin,
        Duration stopGrace,
        long consoleLogBytes,
        Defaults defaults,
        @Nullable Path caCertificates,
        @Nullable Path sshKeyPath,
        Imports imports,
        Builds builds,
        Credentials credentials,
        BridgeNetwork.Settings network,
        DiskLimits diskLimits,
        boolean automaticTemplates,
        @Nullable Duration suspendAfter,
        Pool pool) {

    /** Which driver runs VMs. */
    public enum DriverChoice {
        /** The best that the host can run. */
        AUTO,
        FIRECRACKER,
        QEMU
    }

    /**
     * VMs that are restored ahead of need.
     *
     * @param spareBytes what of the host's memory is to stay available beside them
     */
    public record Pool(String image, int size, long spareBytes) {}

    /** How much an image from elsewhere may unpack to: bytes; files, folders and links. */
    public record Imports(long maxBytes, int maxEntries) {}

    /** The machine that an image's build runs in, and how long one of its steps may take. */
    public record Builds(int vcpus, long memoryBytes, long diskBytes, Duration stepBound) {}

    /** Whether the host's logins of these tools are put into VMs. */
    public record Credentials(boolean opencode, boolean claude, boolean pi) {}

    /** What a new VM gets where its creator says nothing. */
    public record Defaults(String image, int vcpus, long memoryBytes, long diskBytes, NetworkMode network) {}
}
