package banger.daemon.lifecycle;

import banger.daemon.image.Image;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A folder and a file for each VM, which may fail to be made. */
final class FakeVmFiles implements VmFiles {
    volatile boolean createFails;
    volatile boolean planFails;

    private final HostPaths paths;

    FakeVmFiles(HostPaths paths) {
        this.paths = paths;
    }

    @Override
    public void create(Vm vm, Image image) {
        try {
            Files.createDirectories(folder(vm.id()));
            Files.writeString(folder(vm.id()).resolve("disk"), vm.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (createFails) {
            throw new Problem(Problem.Kind.RESOURCE_EXHAUSTED, "the disk is full");
        }
    }

    @Override
    public void delete(UUID vm) {
        try {
            Files.deleteIfExists(folder(vm).resolve("disk"));
            Files.deleteIfExists(folder(vm));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public MachinePlan plan(Vm vm, Image image) {
        if (planFails) {
            throw new Problem(Problem.Kind.FAILED, "a layer is missing");
        }
        return new MachinePlan(
                vm.id(),
                vm.name(),
                folder(vm.id()),
                vm.spec(),
                Path.of("vmlinux"),
                Path.of("initramfs"),
                List.of(),
                new MachinePlan.Roles(List.of(), "modules", "root", "work"));
    }

    @Override
    public long usedBytes(UUID vm) {
        return 0;
    }

    private Path folder(UUID vm) {
        return paths.vm(vm.toString());
    }
}
