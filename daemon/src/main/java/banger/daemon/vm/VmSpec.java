package banger.daemon.vm;

import java.util.List;

/** The shape of a VM; sizes in bytes. {@code diskBytes} is the size of the work disk and of the root disk alike. */
public record VmSpec(int vcpus, long memoryBytes, long diskBytes, NetworkMode network, List<PublishedPort> publish) {
    public VmSpec {
        publish = List.copyOf(publish);
    }
}
