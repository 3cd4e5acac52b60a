package banger.daemon.state;

import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.VmSpec;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON columns of {@code vms}: their form on disk, apart from the domain's own records. */
final class VmJson {
    private VmJson() {}

    @Json
    record Port(String hostAddress, int hostPort, int guestPort) {
        static Port of(PublishedPort port) {
            return new Port(port.hostAddress(), port.hostPort(), port.guestPort());
        }

        PublishedPort toDomain() {
            return new PublishedPort(hostAddress, hostPort, guestPort);
        }
    }

    @Json
    record Spec(
            int vcpus,
            long memoryBytes,
            long diskBytes,
            String network,
            List<Port> publish,
            @Nullable String kernel,
            boolean autostart) {
        static Spec of(VmSpec spec) {
            return new Spec(
                    spec.vcpus(),
                    spec.memoryBytes(),
                    spec.diskBytes(),
                    spec.network().name().toLowerCase(Locale.ROOT),
                    spec.publish().stream().map(Port::of).toList(),
                    spec.kernel(),
                    spec.autostart());
        }

        VmSpec toDomain() {
            return new VmSpec(
                    vcpus,
                    memoryBytes,
                    diskBytes,
                    NetworkMode.valueOf(network.toUpperCase(Locale.ROOT)),
                    publish.stream().map(Port::toDomain).toList(),
                    kernel,
                    autostart);
        }
    }

    @Json
    record Process(String driver, long pid, long startTicks, String bootId, String startedAt, List<Port> ports) {
        static Process of(Runtime runtime) {
            return new Process(
                    runtime.driver(),
                    runtime.pid(),
                    runtime.startTicks(),
                    runtime.bootId(),
                    runtime.startedAt().toString(),
                    runtime.ports().stream().map(Port::of).toList());
        }

        Runtime toDomain() {
            return new Runtime(
                    driver,
                    pid,
                    startTicks,
                    bootId,
                    Instant.parse(startedAt),
                    ports.stream().map(Port::toDomain).toList());
        }
    }
}
