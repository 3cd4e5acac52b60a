package banger.daemon.files;

import banger.daemon.disk.VmDisks;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.MachinePlan.Disk;
import banger.daemon.vm.MachinePlan.Roles;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The files of VMs under banger's data folder. */
public final class StoredVmFiles implements VmFiles {
    private static final String ROOT = "root.ext4";
    private static final String WORK = "work.ext4";

    private final HostPaths paths;
    private final VmDisks disks;
    private final KernelBundles kernels;

    public StoredVmFiles(HostPaths paths, VmDisks disks, KernelBundles kernels) {
        this.paths = paths;
        this.disks = disks;
        this.kernels = kernels;
    }

    @Override
    public void create(Vm vm, Image image) {
        Path folder = folder(vm.id());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot make " + folder + ": " + e.getMessage(), null, e);
        }
        try {
            disks.makeRoot(folder.resolve(ROOT), vm.spec().diskBytes());
            disks.makeWork(folder.resolve(WORK), vm.spec().diskBytes(), image.workSeed());
        } catch (RuntimeException e) {
            delete(vm.id());
            throw e;
        }
    }

    @Override
    public void delete(UUID vm) {
        DiskUsage.remove(folder(vm));
    }

    @Override
    public MachinePlan plan(Vm vm, Image image) {
        Kernel kernel = kernels.current(kernels.load(image.kernel()));
        Path folder = folder(vm.id());
        var attached = new ArrayList<Disk>();
        var layers = new ArrayList<String>();
        for (Layer layer : image.layers()) {
            String id = "layer" + layers.size();
            layers.add(id);
            attached.add(new Disk(id, present(vm, paths.layer(layer.digest())), true));
        }
        attached.add(new Disk("modules", present(vm, kernel.modules()), true));
        attached.add(new Disk("root", present(vm, folder.resolve(ROOT)), false));
        attached.add(new Disk("work", present(vm, folder.resolve(WORK)), false));
        var roles = new Roles(layers, "modules", "root", "work");
        return new MachinePlan(
                vm.id(), vm.name(), folder, vm.spec(), kernel.vmlinux(), kernel.initramfs(), attached, roles);
    }

    @Override
    public long usedBytes(UUID vm) {
        return DiskUsage.of(folder(vm));
    }

    private Path folder(UUID vm) {
        return paths.vm(vm.toString());
    }

    private static Path present(Vm vm, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    Problem.Kind.FAILED, "vm " + vm.name() + " cannot start: " + file + " is missing", "banger doctor");
        }
        return file;
    }
}
