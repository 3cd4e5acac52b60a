package banger.daemon.files;

import banger.daemon.disk.DiskChain;
import banger.daemon.disk.Overlays;
import banger.daemon.disk.VmDisks;
import banger.daemon.frozen.FrozenFolder;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.UserFiles;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.FrozenVm;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.MachinePlan.Disk;
import banger.daemon.vm.MachinePlan.Roles;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmFiles;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of VMs under banger's data folder. */
public final class StoredVmFiles implements VmFiles {
    /** The root disk's file in a VM's or a template's folder. */
    public static final String ROOT = "root.ext4";
    /** What a restored machine has mapped. */
    private static final String MEMORY = "memory";
    /** The work disk's. */
    public static final String WORK = "work.ext4";

    /** What a guest writes to its disks while it boots, generously. */
    private static final long START_BYTES = 64L << 20;

    private final HostPaths paths;
    private final VmDisks disks;
    private final KernelBundles kernels;
    private final BiFunction<Image, Progress, Image> upkeep;
    private final Predicate<VmSpec> overlaid;
    private final DiskCopies copies;

    /** Of images that are as they should be, for a driver that takes no overlays. */
    public StoredVmFiles(HostPaths paths, VmDisks disks, KernelBundles kernels) {
        this(paths, disks, kernels, (image, progress) -> image, spec -> false);
    }

    /**
     * @param upkeep brings up to date what is made for an image
     * @param overlaid whether the disks of a VM of that shape may be overlays
     */
    public StoredVmFiles(
            HostPaths paths,
            VmDisks disks,
            KernelBundles kernels,
            BiFunction<Image, Progress, Image> upkeep,
            Predicate<VmSpec> overlaid) {
        this.paths = paths;
        this.disks = disks;
        this.kernels = kernels;
        this.upkeep = upkeep;
        this.overlaid = overlaid;
        copies = new DiskCopies(new Overlays(paths));
    }

    @Override
    public Image current(Image image, Progress progress) {
        return upkeep.apply(image, progress);
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
            makeDisks(folder, vm.spec(), image);
        } catch (RuntimeException e) {
            delete(vm.id());
            throw e;
        }
    }

    /** Makes fresh disks in that folder. */
    public void makeDisks(Path folder, VmSpec spec, Image image) {
        disks.makeRoot(folder.resolve(ROOT), spec.diskBytes());
        disks.makeWork(folder.resolve(WORK), spec.diskBytes(), image.workSeed());
    }

    /** Makes an empty root disk in that folder, for a machine without a work disk. */
    public void makeRoot(Path folder, VmSpec spec) {
        disks.makeRoot(folder.resolve(ROOT), spec.diskBytes());
    }

    @Override
    public void clone(Vm vm, FrozenVm frozen) {
        disks(vm, frozen, folder -> copies.clone(frozen.disks(), overlaid.test(vm.spec()), folder));
    }

    @Override
    public void take(Vm vm, FrozenVm frozen) {
        disks(vm, frozen, folder -> copies.take(frozen.disks(), overlaid.test(vm.spec()), folder));
    }

    private interface Transfer {
        void into(Path folder) throws IOException;
    }

    private void disks(Vm vm, FrozenVm frozen, Transfer transfer) {
        Path folder = folder(vm.id());
        try {
            Files.createDirectories(folder);
            transfer.into(folder);
            FrozenWorkspace.restore(frozen.disks(), paths.workspaces(vm.id().toString()));
        } catch (IOException e) {
            delete(vm.id());
            throw DiskFull.orFailed(e, "cloning frozen disks for vm " + vm.name());
        }
    }

    @Override
    public void lengthen(Vm vm, String diskId, long bytes) {
        Path disk = new DiskChain(folder(vm.id()), diskId).top();
        if (DiskChain.isOverlay(disk)) {
            // It is as long as its machine makes it.
            return;
        }
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(Math.max(file.length(), bytes));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "lengthening " + disk);
        }
    }

    @Override
    public void settle(Vm vm) {
        try {
            copies.fold(folder(vm.id()), !overlaid.test(vm.spec()));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the disks of vm " + vm.name() + " whole");
        }
    }

    @Override
    public void delete(UUID vm) {
        DiskUsage.remove(folder(vm));
    }

    @Override
    public MachinePlan plan(Vm vm, Image image) {
        requireRoom(vm);
        return plan(vm.id(), vm.name(), folder(vm.id()), vm.spec(), image);
    }

    /** The plan of a machine whose disks lie in that folder. */
    public MachinePlan plan(UUID id, String name, Path folder, VmSpec spec, Image image) {
        String chosen = spec.kernel();
        String kernelId = chosen == null ? image.kernel() : chosen;
        UserFiles user = image.userFiles();
        List<Path> layers = user == null ? files(image.layers()) : List.of(user.rootfs());
        return planOf(id, name, folder, spec, kernelId, layers, true);
    }

    /** As for a VM, of any layers. @param home whether it has a work disk, or its home is a folder of its root */
    public MachinePlan plan(
            UUID id, String name, Path folder, VmSpec spec, String kernelId, List<Layer> lowestFirst, boolean home) {
        return planOf(id, name, folder, spec, kernelId, files(lowestFirst), home);
    }

    private List<Path> files(List<Layer> layers) {
        return layers.stream().map(layer -> paths.layer(layer.digest())).toList();
    }

    private MachinePlan planOf(
            UUID id, String name, Path folder, VmSpec spec, String kernelId, List<Path> lowestFirst, boolean home) {
        Kernel kernel = kernels.load(kernelId);
        var attached = new ArrayList<Disk>();
        var layers = new ArrayList<String>();
        for (Path layer : lowestFirst) {
            String layerId = "layer" + layers.size();
            layers.add(layerId);
            attached.add(new Disk(layerId, present(name, layer), true));
        }
        attached.add(new Disk("modules", present(name, kernel.modules()), true));
        attached.add(new Disk("root", present(name, new DiskChain(folder, "root").top()), false));
        if (home) {
            attached.add(new Disk("work", present(name, new DiskChain(folder, "work").top()), false));
        }
        return new MachinePlan(
                id,
                name,
                folder,
                spec,
                kernel.vmlinux(),
                kernel.initramfs(),
                attached,
                new Roles(layers, "modules", "root", home ? "work" : null));
    }

    @Override
    public long usedBytes(UUID vm) {
        return DiskUsage.of(folder(vm)) - lentBytes(memory(vm));
    }

    /** What a template has is not the VM's. */
    private static long lentBytes(Path memory) {
        try {
            return (int) Files.getAttribute(memory, "unix:nlink") > 1 ? DiskUsage.of(memory) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public FrozenMachine lend(Vm vm, FrozenMachine machine) {
        Path own = memory(vm.id());
        try {
            Files.deleteIfExists(own);
            Files.createLink(own, machine.memory());
            return machine.withMemory(own);
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system, or one without links: it works as well without.
            return machine;
        }
    }

    @Override
    public void forgetMemory(UUID vm) {
        try {
            Files.deleteIfExists(memory(vm));
        } catch (IOException e) {
            // It goes with the VM.
        }
    }

    private Path memory(UUID vm) {
        return folder(vm).resolve(MEMORY);
    }

    @Override
    public FrozenFolder suspended(UUID vm) {
        return new FrozenFolder(folder(vm).resolve("suspended"));
    }

    @Override
    public FrozenFolder passing(UUID vm) {
        return new FrozenFolder(paths.scratch().resolve("fork-" + UUID.randomUUID()));
    }

    @Override
    public FrozenFolder snapshot(UUID vm, String name) {
        return new FrozenFolder(paths.snapshots(vm.toString()).resolve(name));
    }

    @Override
    public List<String> snapshots(UUID vm) {
        try (Stream<Path> folders = Files.list(paths.snapshots(vm.toString()))) {
            // What is half made or half removed has a dot in its name, which no snapshot's may have.
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.contains("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void freezeDisks(Vm vm, @Nullable Machine machine, Path to) throws IOException {
        if (machine == null) {
            settle(vm);
        }
        boolean covers = machine == null ? overlaid.test(vm.spec()) : machine.takesOverlays();
        copies.freeze(folder(vm.id()), machine, covers, to);
        FrozenWorkspace.save(vm.workspace(), paths.workspaces(vm.id().toString()), to);
    }

    @Override
    public FrozenVm frozen(Path from, long diskBytes) {
        return new FrozenVm(FrozenMachine.in(from), from, diskBytes);
    }

    @Override
    public void beginTakingBack(UUID vm, String snapshot) {
        try {
            copies.beginTakingBack(folder(vm), snapshot);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "recording a snapshot's restoration");
        }
    }

    @Override
    public void finishTakingBack(Vm vm, Consumer<@Nullable String> workspace) {
        var from = new AtomicReference<Path>();
        try {
            copies.finishTakingBack(folder(vm.id()), overlaid.test(vm.spec()), name -> {
                from.set(snapshot(vm.id(), name).place());
                return from.get();
            });
            if (from.get() != null) {
                FrozenWorkspace.restore(from.get(), paths.workspaces(vm.id().toString()));
                FrozenWorkspace.tell(from.get(), workspace);
            }
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "taking disks back to a snapshot");
        }
    }

    /** The guest of a disk that is full would meet failing writes before anybody could tell it why. */
    private void requireRoom(Vm vm) {
        Path folder = folder(vm.id());
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < START_BYTES) {
                throw DiskFull.problem("starting vm %s: %d MiB are free below %s, and a start needs %d MiB"
                        .formatted(vm.name(), free >> 20, paths.data(), START_BYTES >> 20));
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.FAILED, "cannot look at " + folder + ": " + e.getMessage(), null, e);
        }
    }

    private Path folder(UUID vm) {
        return paths.vm(vm.toString());
    }

    private static Path present(String name, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    Problem.Kind.FAILED, "vm " + name + " cannot start: " + file + " is missing", "banger doctor");
        }
        return file;
    }
}
