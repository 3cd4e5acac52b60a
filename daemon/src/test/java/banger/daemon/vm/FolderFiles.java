package banger.daemon.vm;

import banger.daemon.frozen.FrozenFolder;
import banger.daemon.frozen.FrozenMachine;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What files of VMs in folders have in common in tests, where a disk is a short text. */
public abstract class FolderFiles implements VmFiles {
    private static final String ROOT = "root.ext4";
    private static final String WORK = "work.ext4";
    private static final String WORKSPACE = "workspace.json";

    protected final HostPaths paths;

    protected FolderFiles(HostPaths paths) {
        this.paths = paths;
    }

    protected Path folder(UUID vm) {
        return paths.vm(vm.toString());
    }

    /** Writes a disk's text. */
    public void write(UUID vm, String text) {
        try {
            Files.createDirectories(folder(vm));
            Files.writeString(folder(vm).resolve(ROOT), text);
            Files.writeString(folder(vm).resolve(WORK), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(UUID vm) {
        try {
            return Files.readString(folder(vm).resolve(ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void clone(Vm vm, FrozenVm frozen) {
        try {
            write(vm.id(), Files.readString(frozen.disks().resolve(ROOT)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void take(Vm vm, FrozenVm frozen) {
        clone(vm, frozen);
    }

    @Override
    public void lengthen(Vm vm, String diskId, long bytes) {}

    @Override
    public void delete(UUID vm) {
        DiskUsage.remove(folder(vm));
    }

    @Override
    public long usedBytes(UUID vm) {
        return DiskUsage.of(folder(vm));
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
        String[] names = paths.snapshots(vm.toString()).toFile().list();
        return names == null
                ? List.of()
                : Stream.of(names).filter(name -> !name.contains(".")).toList();
    }

    @Override
    public void freezeDisks(Vm vm, @Nullable Machine machine, Path to) throws IOException {
        Files.copy(folder(vm.id()).resolve(ROOT), to.resolve(ROOT));
        Files.copy(folder(vm.id()).resolve(WORK), to.resolve(WORK));
        Files.writeString(to.resolve(WORKSPACE), String.valueOf(vm.workspace()));
    }

    @Override
    public FrozenVm frozen(Path from, long diskBytes) {
        return new FrozenVm(FrozenMachine.in(from), from, diskBytes);
    }

    @Override
    public void beginTakingBack(UUID vm, String snapshot) {
        try {
            Files.writeString(folder(vm).resolve("taking-back"), snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void finishTakingBack(Vm vm, Consumer<@Nullable String> workspace) {
        Path record = folder(vm.id()).resolve("taking-back");
        try {
            if (Files.exists(record)) {
                Path from = snapshot(vm.id(), Files.readString(record)).place();
                for (String disk : new String[] {ROOT, WORK}) {
                    Files.copy(from.resolve(disk), folder(vm.id()).resolve(disk), StandardCopyOption.REPLACE_EXISTING);
                    folder(vm.id()).resolve(disk).toFile().setWritable(true);
                }
                workspace.accept(Files.readString(from.resolve(WORKSPACE)));
                Files.delete(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
