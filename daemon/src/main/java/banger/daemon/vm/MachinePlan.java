package banger.daemon.vm;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * All that a driver needs to start a VM.
 *
 * @param folder the VM's folder for logs
 * @param disks in the order in which they are attached
 * @param commandLine the kernel's parameters that do not depend on the driver
 */
public record MachinePlan(
        UUID vm,
        String name,
        Path folder,
        VmSpec spec,
        Path vmlinux,
        Path initramfs,
        List<Disk> disks,
        String commandLine) {
    public MachinePlan {
        disks = List.copyOf(disks);
    }

    /** A disk file; the guest finds it by {@code id}, at most 20 characters. */
    public record Disk(String id, Path file, boolean readOnly) {}

    public MachinePlan withPublish(List<PublishedPort> ports) {
        var chosen = new VmSpec(spec.vcpus(), spec.memoryBytes(), spec.diskBytes(), spec.network(), ports);
        return new MachinePlan(vm, name, folder, chosen, vmlinux, initramfs, disks, commandLine);
    }
}
