package banger.daemon.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a VM; sizes in bytes.
 *
 * @param diskBytes the size of the work disk and of the root disk alike
 * @param kernel the kernel bundle that it boots, or null: that of its image
 * @param autostart whether it starts when the host has
 */
public record VmSpec(
        int vcpus,
        long memoryBytes,
        long diskBytes,
        NetworkMode network,
        List<PublishedPort> publish,
        @Nullable String kernel,
        boolean autostart) {
    public VmSpec {
        publish = List.copyOf(publish);
    }

    /** With the kernel of its image, and started by people only. */
    public VmSpec(int vcpus, long memoryBytes, long diskBytes, NetworkMode network, List<PublishedPort> publish) {
        this(vcpus, memoryBytes, diskBytes, network, publish, null, false);
    }

    public VmSpec withPorts(List<PublishedPort> ports) {
        return new VmSpec(vcpus, memoryBytes, diskBytes, network, ports, kernel, autostart);
    }

    public VmSpec withNetwork(NetworkMode mode) {
        return new VmSpec(vcpus, memoryBytes, diskBytes, mode, publish, kernel, autostart);
    }

    public VmSpec withKernel(@Nullable String id) {
        return new VmSpec(vcpus, memoryBytes, diskBytes, network, publish, id, autostart);
    }

    public VmSpec withAutostart(boolean wanted) {
        return new VmSpec(vcpus, memoryBytes, diskBytes, network, publish, kernel, wanted);
    }
}
