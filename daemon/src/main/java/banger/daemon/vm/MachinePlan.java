package banger.daemon.vm;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a driver needs to start a VM.
 *
 * @param folder the VM's folder for logs
 * @param disks in the order in which they are attached
 * @param roles what the guest makes of the disks
 * @param memory what the guest's memory begins as
 * @param attachment where its network device ends, of a VM whose network is a bridge
 */
public record MachinePlan(
        UUID vm,
        String name,
        Path folder,
        VmSpec spec,
        Path vmlinux,
        Path initramfs,
        List<Disk> disks,
        Roles roles,
        Memory memory,
        @Nullable Attachment attachment) {
    public MachinePlan {
        disks = List.copyOf(disks);
    }

    /** The plan of a machine that boots. */
    public MachinePlan(
            UUID vm,
            String name,
            Path folder,
            VmSpec spec,
            Path vmlinux,
            Path initramfs,
            List<Disk> disks,
            Roles roles) {
        this(vm, name, folder, spec, vmlinux, initramfs, disks, roles, new Memory.Empty(), null);
    }

    /** A disk file, with an id of at most 20 characters that is its own within the plan. */
    public record Disk(String id, Path file, boolean readOnly) {}

    /**
     * Which disk is what to the guest, by their ids.
     *
     * @param layers the image's layers, lowest first
     * @param work null: the guest's home is a folder of its root
     */
    public record Roles(
            List<String> layers,
            String modules,
            String root,
            @Nullable String work) {
        public Roles {
            layers = List.copyOf(layers);
        }
    }

    /**
     * The agent's parameters on the kernel's command line (docs/guest-protocol.md) that do not depend on the driver.
     *
     * @param name how the guest finds the disk of an id: by that as its serial, or by a device's name
     */
    public String agentParameters(UnaryOperator<String> name) {
        String layers = roles.layers().stream().map(name).collect(Collectors.joining(","));
        return "banger.layers=" + layers
                + " banger.modules=" + name.apply(roles.modules())
                + " banger.root=" + name.apply(roles.root())
                + (roles.work() == null ? "" : " banger.work=" + name.apply(roles.work()))
                + " banger.hostname=" + this.name;
    }

    /** What a guest's memory begins as. */
    public sealed interface Memory {
        /** Empty: the machine boots. */
        record Empty() implements Memory {}

        /** Empty and kept in that file, so that the machine can be frozen. */
        record Kept(Path ram) implements Memory {}

        /** A copy, made page by page as it is written to, of a frozen machine's; its devices are restored as well. */
        record Restored(Path ram, Path devices) implements Memory {}
    }

    public MachinePlan with(Memory other) {
        return new MachinePlan(vm, name, folder, spec, vmlinux, initramfs, disks, roles, other, attachment);
    }

    public MachinePlan withPublish(List<PublishedPort> ports) {
        return new MachinePlan(
                vm, name, folder, spec.withPorts(ports), vmlinux, initramfs, disks, roles, memory, attachment);
    }

    public MachinePlan with(Attachment place) {
        return new MachinePlan(vm, name, folder, spec, vmlinux, initramfs, disks, roles, memory, place);
    }
}
