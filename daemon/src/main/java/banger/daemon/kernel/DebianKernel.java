package banger.daemon.kernel;

import banger.daemon.debian.DebArchive;
import banger.daemon.debian.DebianPackage;
import banger.daemon.debian.PrivateApt;
import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.os.RootNamespace;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a kernel bundle from Debian's kernel for clouds, which is small and has what microVMs need. */
public final class DebianKernel {
    private static final Pattern KERNEL = Pattern.compile("linux-image-[0-9][A-Za-z0-9.+~-]*");
    private static final Pattern MODULES = Pattern.compile("(usr/)?lib/modules/(?<rest>[^/]+/.*)");
    /** More than any kernel package holds: a bound on what is unpacked. */
    private static final long MAX_UNPACKED_BYTES = 2L << 30;

    private static final String MODULES_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670003";

    private final KernelBundles bundles;
    private final PrivateApt apt;
    private final RootNamespace namespace;

    /** @param apt with lists that are up to date */
    public DebianKernel(KernelBundles bundles, PrivateApt apt, RootNamespace namespace) {
        this.bundles = bundles;
        this.apt = apt;
        this.namespace = namespace;
    }

    /** The package with the release's present kernel for this machine. */
    public DebianPackage find() {
        return apt.dependency("linux-image-cloud-" + architecture(), KERNEL);
    }

    /**
     * The bundle of this package: the one that is there, or a new one.
     *
     * @param scratch an empty folder for files under way; its owner removes it
     */
    public Kernel make(DebianPackage wanted, Path scratch, Progress progress) {
        Optional<Kernel> present = bundles.findMadeFrom(wanted.version());
        if (present.isPresent()) {
            return bundles.current(present.get());
        }
        Path deb = apt.download(wanted, progress);
        try {
            progress.stage("kernel", "unpacking " + wanted);
            return build(wanted, deb, scratch, progress);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making a kernel from " + deb);
        }
    }

    private Kernel build(DebianPackage wanted, Path deb, Path scratch, Progress progress) throws IOException {
        String version = wanted.name().substring("linux-image-".length());
        Path tree = Files.createDirectories(scratch.resolve("tree/lib/modules"));
        byte[] image = unpack(deb, tree, progress);
        Path modules = tree.resolve(version);
        if (image == null || !Files.isDirectory(modules)) {
            throw new Problem(Problem.Kind.FAILED, "the package " + wanted + " holds no kernel " + version);
        }
        // Debian runs it when the package is installed; without its tables the guest's modprobe finds nothing.
        Command.of("depmod", "-b", scratch.resolve("tree").toString(), version)
                .until(progress::cancelled)
                .succeed();
        progress.checkCancelled();

        Path bundle = Files.createDirectories(scratch.resolve("bundle"));
        Files.write(bundle.resolve(KernelBundles.VMLINUX), BzImage.extract(image, deb.getFileName().toString()));
        Initramfs.writeModules(
                bundle.resolve(KernelBundles.MODULES_CPIO), modules, BootModules.inLoadOrder(modules));
        new ReadOnlyDisk("banger-modules", MODULES_UUID, tree)
                .make(bundle.resolve(KernelBundles.MODULES_LAYER), command -> enter(command, progress));
        KernelManifest.of(
                        bundle,
                        version,
                        wanted.version(),
                        KernelBundles.VMLINUX,
                        KernelBundles.MODULES_CPIO,
                        KernelBundles.MODULES_LAYER)
                .write(bundle);
        return bundles.publish(bundle, bundles.freeId(version));
    }

    private Command enter(Command command, Progress progress) {
        return namespace.enter(command).until(progress::cancelled);
    }

    private static byte @Nullable [] unpack(Path deb, Path modules, Progress progress) throws IOException {
        byte[][] image = {null};
        long[] unpacked = {0};
        new DebArchive(deb).forEachFile((name, content) -> {
            progress.checkCancelled();
            var module = MODULES.matcher(name);
            if (name.startsWith("boot/vmlinuz-")) {
                image[0] = content.readAllBytes();
            } else if (module.matches()) {
                Path file = modules.resolve(module.group("rest"));
                Files.createDirectories(file.getParent());
                unpacked[0] += Files.copy(content, file);
                if (unpacked[0] > MAX_UNPACKED_BYTES) {
                    throw new Problem(Problem.Kind.FAILED, deb + " holds more than " + MAX_UNPACKED_BYTES + " bytes");
                }
                progress.progress(unpacked[0], null, "bytes");
            }
        });
        return image[0];
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> throw new Problem(
                    Problem.Kind.MISSING_REQUIREMENT, "no kernel is known for this machine: " + other);
        };
    }
}
