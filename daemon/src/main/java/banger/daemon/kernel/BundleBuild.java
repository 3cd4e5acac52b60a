package banger.daemon.kernel;

import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.RootNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last steps to a kernel bundle, whatever the kernel came in: the modules' tables, the uncompressed kernel, the
 * modules for the initramfs, the modules layer, the manifest.
 */
record BundleBuild(KernelBundles bundles, RootNamespace namespace, Progress progress) {
    private static final String MODULES_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670003";

    /** Where a kernel came from. @param version of the package @param source for a person @param digest its SHA-256, or "" */
    record Origin(String version, String source, String digest) {}

    /**
     * Makes the bundle and puts it in place.
     *
     * @param folder for files under way
     */
    Kernel run(UnpackedKernel unpacked, String version, Origin origin, String id, Path folder) throws IOException {
        return run(unpacked, version, origin, id, folder, null);
    }

    /** @param initrd cpio archives that the initramfs is to begin with, or null */
    Kernel run(UnpackedKernel unpacked, String version, Origin origin, String id, Path folder, @Nullable Path initrd)
            throws IOException {
        Path modules = unpacked.modules().resolve(version);
        // A distribution runs it when the package is installed; without its tables the guest's modprobe finds nothing.
        Command.of("depmod", "-b", unpacked.tree().toString(), version)
                .until(progress::cancelled)
                .succeed();
        progress.checkCancelled();

        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        KernelImageFile.write(unpacked.image(version), bundle.resolve(KernelBundles.VMLINUX), origin.source());
        Initramfs.writeModules(bundle.resolve(KernelBundles.MODULES_CPIO), modules, BootModules.inLoadOrder(modules));
        return finish(bundle, unpacked.modules(), version, origin, id, initrd);
    }

    /** As {@link #run}, of a kernel that has all built in that guests need. */
    Kernel withoutModules(Path image, Origin origin, String id, Path folder, @Nullable Path initrd) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        Path none = Files.createDirectories(folder.resolve("none"));
        KernelImageFile.write(image, bundle.resolve(KernelBundles.VMLINUX), origin.source());
        Initramfs.writeModules(bundle.resolve(KernelBundles.MODULES_CPIO), none, List.of());
        String version = KernelImageFile.version(bundle.resolve(KernelBundles.VMLINUX));
        return finish(bundle, none, version, origin, id, initrd);
    }

    private Kernel finish(Path bundle, Path modules, String version, Origin origin, String id, @Nullable Path initrd)
            throws IOException {
        progress.stage("modules", "writing the modules of " + version);
        new ReadOnlyDisk("banger-modules", MODULES_UUID, modules)
                .make(
                        bundle.resolve(KernelBundles.MODULES_LAYER),
                        command -> namespace.enter(command).until(progress::cancelled));
        if (initrd != null) {
            Files.copy(initrd, bundle.resolve(KernelBundles.INITRD));
        }
        KernelManifest.of(bundle, version, origin, Instant.now()).write(bundle);
        return bundles.publish(bundle, id);
    }
}
