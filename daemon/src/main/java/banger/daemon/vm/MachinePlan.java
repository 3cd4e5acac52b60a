package banger.daemon.vm;

import banger.daemon.disk.DiskChain;
import banger.daemon.frozen.FrozenMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.StringJoiner;
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
 * @param origin the frozen machine that it goes on from, or null: it boots
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
        @Nullable FrozenMachine origin,
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
        this(vm, name, folder, spec, vmlinux, initramfs, disks, roles, null, null);
    }

    /** A disk file, with an id of at most 20 characters that is its own within the plan. */
    public record Disk(String id, Path file, boolean readOnly) {
        /** Whether it holds only what differs from the files below it. */
        public boolean isOverlay() {
            return DiskChain.isOverlay(file);
        }
    }

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

    /**
     * What a frozen machine relies on and does not have with it, in words that differ where that does.
     *
     * @param named whether the files' names tell what is in them; those of a user's may be changed
     */
    public String surroundings(boolean named) throws IOException {
        var words = new StringJoiner(" ");
        words.add(spec.vcpus() + "x" + spec.memoryBytes()).add(spec.network().name());
        for (Disk disk : disks) {
            if (disk.readOnly()) {
                var file = Files.readAttributes(disk.file(), BasicFileAttributes.class);
                String changed = named
                        ? ""
                        : ":" + file.size() + ":" + file.lastModifiedTime().toMillis();
                words.add(disk.id() + "=" + disk.file() + changed);
            }
        }
        return words.toString();
    }

    /** The plan of a machine that goes on where that one was frozen. */
    public MachinePlan from(FrozenMachine frozen) {
        return new MachinePlan(vm, name, folder, spec, vmlinux, initramfs, disks, roles, frozen, attachment);
    }

    public MachinePlan withPublish(List<PublishedPort> ports) {
        return new MachinePlan(
                vm, name, folder, spec.withPorts(ports), vmlinux, initramfs, disks, roles, origin, attachment);
    }

    public MachinePlan with(Attachment place) {
        return new MachinePlan(vm, name, folder, spec, vmlinux, initramfs, disks, roles, origin, place);
    }
}
