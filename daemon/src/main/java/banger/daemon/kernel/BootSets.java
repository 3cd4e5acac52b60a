package banger.daemon.kernel;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Scratch;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Makes the kernel bundles of images that stand on files of the user's: of a kernel, perhaps with modules, perhaps with
 * an initramfs whose files are to be there beside the agent's. Such a bundle goes with the last image that names it.
 */
public final class BootSets {
    /** What stands for a package's version in their manifests, which no package has. */
    private static final String MARK = "(of an image)";

    private final HostPaths paths;
    private final KernelBundles bundles;

    public BootSets(HostPaths paths, KernelBundles bundles) {
        this.paths = paths;
        this.bundles = bundles;
    }

    /** @throws Problem where the file is neither an ELF kernel nor a boot image */
    public static void check(Path kernel) throws IOException {
        KernelImageFile.check(kernel);
    }

    /** @throws Problem where the folder does not hold a kernel's modules */
    public static void checkModules(Path modules) {
        if (!Files.isRegularFile(modules.resolve("modules.builtin"))) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    modules + " is no folder of a kernel's modules: it has no file modules.builtin",
                    "give a folder such as /lib/modules/6.1.0-1-amd64");
        }
    }

    /** Whether the bundle was made here, and not imported by a person. */
    public static boolean isBootSet(KernelOrigin origin) {
        return origin.packageVersion().equals(MARK);
    }

    /**
     * Makes the bundle of that id, or gives the one that is there.
     *
     * @param modules a folder such as {@code lib/modules/VERSION}; null: the kernel has all built in that guests need
     * @param initrd cpio archives, or null
     */
    public Kernel make(String id, Path kernel, @Nullable Path modules, @Nullable Path initrd, Progress progress) {
        if (bundles.fault(id).isEmpty()) {
            return bundles.load(id);
        }
        try (Scratch scratch = Scratch.open(paths, "bootset")) {
            progress.stage("kernel", "making the boot set of " + kernel);
            var origin = new BundleBuild.Origin(MARK, kernel.toString(), "");
            var build = new BundleBuild(bundles, RootNamespace.open(), progress);
            if (modules == null) {
                return build.withoutModules(kernel, origin, id, scratch.folder(), initrd);
            }
            UnpackedKernel unpacked = new UnpackedKernel(scratch.folder().resolve("unpacked"), progress);
            KernelImport.copy(kernel, modules, unpacked);
            String version = unpacked.version(kernel.toString());
            return build.run(unpacked, version, origin, id, scratch.folder(), initrd);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the boot set of " + kernel);
        }
    }
}
