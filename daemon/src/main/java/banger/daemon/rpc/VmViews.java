package banger.daemon.rpc;

import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStatistics;
import banger.daemon.workspace.Workspaces;
import banger.wire.rpc.VmMessages.GuestStats;
import banger.wire.rpc.VmMessages.Publish;
import banger.wire.rpc.VmMessages.VmStats;
import banger.wire.rpc.VmMessages.VmView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** VMs as clients see them. */
final class VmViews {
    private final ImageStore images;
    private final LiveVms live;
    private final VmStatistics statistics;

    VmViews(ImageStore images, LiveVms live, VmStatistics statistics) {
        this.images = images;
        this.live = live;
        this.statistics = statistics;
    }

    List<VmView> of(List<Vm> vms) {
        Map<UUID, String> names = images.list().stream().collect(Collectors.toMap(Image::id, Image::name));
        return vms.stream()
                .map(vm -> view(vm, names.getOrDefault(vm.imageId(), "?")))
                .toList();
    }

    VmView detailed(Vm vm) {
        String image = images.find(vm.imageId()).map(Image::name).orElse("?");
        return view(vm, image);
    }

    private VmView view(Vm vm, String image) {
        Runtime runtime = vm.runtime();
        return new VmView(
                vm.id().toString(),
                vm.name(),
                vm.state().name().toLowerCase(Locale.ROOT),
                vm.broken(),
                image,
                vm.spec().vcpus(),
                vm.spec().memoryBytes(),
                vm.spec().diskBytes(),
                runtime == null ? "" : runtime.driver(),
                vm.spec().network().name().toLowerCase(Locale.ROOT),
                publish(runtime == null ? vm.spec().publish() : runtime.ports()),
                WorkspaceHandlers.view(Workspaces.of(vm)),
                runtime == null || live.get(vm.id()) == null ? null : runtime.pid(),
                vm.createdAt().toString(),
                runtime == null || !vm.state().mayRun()
                        ? null
                        : runtime.startedAt().toString(),
                statistics.usedDiskBytes(vm),
                vm.spec().kernel(),
                vm.spec().autostart());
    }

    VmStats stats(VmStatistics.Measured measured) {
        return new VmStats(
                measured.name(),
                measured.usage().cpuMillis(),
                measured.usage().residentBytes(),
                measured.diskBytes(),
                measured.guest() == null ? null : guest(measured.guest()));
    }

    List<PublishedPort> ports(List<Publish> wanted) {
        return wanted.stream()
                .map(port -> new PublishedPort(address(port.hostAddress()), port.hostPort(), port.guestPort()))
                .toList();
    }

    private static String address(@Nullable String wanted) {
        return wanted == null || wanted.isEmpty() ? "127.0.0.1" : wanted;
    }

    private static List<Publish> publish(List<PublishedPort> ports) {
        return ports.stream()
                .map(port -> new Publish(port.hostAddress(), port.hostPort(), port.guestPort()))
                .toList();
    }

    private static GuestStats guest(Map<String, Long> values) {
        return new GuestStats(
                values.getOrDefault("uptime_ms", 0L),
                values.getOrDefault("load1_milli", 0L) / 1000.0,
                values.getOrDefault("memory_total_bytes", 0L),
                values.getOrDefault("memory_available_bytes", 0L),
                values.getOrDefault("root_total_bytes", 0L),
                values.getOrDefault("root_used_bytes", 0L),
                values.getOrDefault("work_total_bytes", 0L),
                values.getOrDefault("work_used_bytes", 0L),
                values.getOrDefault("tasks", 0L));
    }
}
