package banger.daemon.lifecycle;

import banger.daemon.image.Image;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.FolderFiles;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.Vm;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A folder for each VM, which may fail to be made or to be removed. */
final class FakeVmFiles extends FolderFiles {
    volatile boolean createFails;
    volatile boolean planFails;
    volatile boolean deleteFails;

    FakeVmFiles(HostPaths paths) {
        super(paths);
    }

    @Override
    public void create(Vm vm, Image image) {
        write(vm.id(), vm.name());
        if (createFails) {
            throw new Problem(Problem.Kind.RESOURCE_EXHAUSTED, "the disk is full");
        }
    }

    @Override
    public void delete(UUID vm) {
        if (deleteFails) {
            throw new Problem(Problem.Kind.FAILED, "the disk is gone");
        }
        super.delete(vm);
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
}
