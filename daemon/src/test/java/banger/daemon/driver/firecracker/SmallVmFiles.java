package banger.daemon.driver.firecracker;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.FolderFiles;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.MachinePlan.Disk;
import banger.daemon.vm.MachinePlan.Roles;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Files of VMs that hold next to nothing: the stand-in looks whether they are there, and into the kernel. */
final class SmallVmFiles extends FolderFiles {
    SmallVmFiles(HostPaths paths) {
        super(paths);
        kernel("boots");
        write(paths.kernels().resolve("k/initramfs"), "");
        write(paths.kernels().resolve("k/modules.ext4"), "");
        write(paths.layer("ab"), "");
        write(paths.layer("cd"), "");
    }

    static Image image() {
        return Image.managed(
                "small",
                List.of(new Layer("ab", 1), new Layer("cd", 1)),
                "k",
                new WorkSeed("ef", "f1"),
                new GuestProfile(List.of("agent"), Map.of(), "", "", List.of(), List.of()),
                new Provenance("a test", List.of(), new PackageManifest(0, "")));
    }

    /** What guests do from here on: {@code boots}, {@code hangs}, {@code panics} or {@code stays}. */
    void kernel(String behaviour) {
        write(kernelFile(), behaviour);
    }

    Path kernelFile() {
        return paths.kernels().resolve("k/vmlinux");
    }

    @Override
    public void create(Vm vm, Image image) {
        write(vm.id(), "");
    }

    @Override
    public MachinePlan plan(Vm vm, Image image) {
        Path folder = folder(vm.id());
        return new MachinePlan(
                vm.id(),
                vm.name(),
                folder,
                vm.spec(),
                kernelFile(),
                paths.kernels().resolve("k/initramfs"),
                List.of(
                        new Disk("layer0", paths.layer("ab"), true),
                        new Disk("layer1", paths.layer("cd"), true),
                        new Disk("modules", paths.kernels().resolve("k/modules.ext4"), true),
                        new Disk("root", folder.resolve("root.ext4"), false),
                        new Disk("work", folder.resolve("work.ext4"), false)),
                new Roles(List.of("layer0", "layer1"), "modules", "root", "work"));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
