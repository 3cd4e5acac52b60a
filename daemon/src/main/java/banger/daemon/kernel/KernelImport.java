package banger.daemon.kernel;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a kernel bundle from files of the user's. One that fails, or is cancelled, leaves nothing; files of the user's
 * are only read.
 */
public final class KernelImport {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");
    private static final int SHA256_DIGITS = 64;

    private final HostPaths paths;
    private final KernelBundles bundles;

    public KernelImport(HostPaths paths, KernelBundles bundles) {
        this.paths = paths;
        this.bundles = bundles;
    }

    /**
     * Imports the kernel; a package that was imported before gives the bundle that it became then.
     *
     * @param name the bundle's, or null: the distribution and the version
     * @param sha256 what the package's or the kernel's file must have, or null
     */
    public synchronized Kernel run(
            KernelSource source, @Nullable String name, @Nullable String sha256, Progress progress) {
        if (name != null && !NAME.matcher(name).matches()) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name a kernel: expected letters, digits and . _ + -, at most 100");
        }
        if (name != null && KernelBundles.isReserved(name)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name a kernel: it stands for the one that images get without their own",
                    "give another name with --name");
        }
        if (name != null && Files.exists(paths.kernels().resolve(name))) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    "a kernel " + name + " is there already",
                    "banger kernel show " + name);
        }
        Path file = file(source);
        try (Scratch scratch = Scratch.open(paths, "kernel")) {
            progress.stage("check", "checking the digest of " + file.getFileName());
            String digest = digest(file, sha256);
            Optional<Kernel> present =
                    source instanceof KernelSource.Files ? Optional.empty() : bundles.findDigest(digest);
            if (present.isPresent() && name == null) {
                progress.stage("present", "the kernel " + present.get().id() + " was made from the same file");
                return present.get();
            }
            RootNamespace namespace = RootNamespace.open();
            UnpackedKernel unpacked = new UnpackedKernel(scratch.folder().resolve("unpacked"), progress);
            String version = unpack(source, unpacked, progress);
            var origin = new BundleBuild.Origin(packageVersion(source, version), file.toString(), digest);
            String id = name == null ? bundles.freeId(prefix(source) + version) : name;
            progress.stage("kernel", "making the kernel " + id);
            return new BundleBuild(bundles, namespace, progress).run(unpacked, version, origin, id, scratch.folder());
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "importing a kernel from " + file);
        }
    }

    private static Path file(KernelSource source) {
        Path file = switch (source) {
            case KernelSource.Deb(Path deb) -> deb;
            case KernelSource.Xbps(Path xbps) -> xbps;
            case KernelSource.Files(Path image, Path ignored) -> image;
        };
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no file " + file + " that can be read");
        }
        return file;
    }

    private static String digest(Path file, @Nullable String expected) throws IOException {
        String found = Sha256.of(file);
        if (expected != null && !expected.equalsIgnoreCase(found)) {
            throw new Problem(
                    expected.length() == SHA256_DIGITS ? Problem.Kind.FAILED : Problem.Kind.INVALID_ARGUMENT,
                    "the SHA-256 of " + file + " is " + found + ", expected " + expected);
        }
        return found;
    }

    private static String unpack(KernelSource source, UnpackedKernel unpacked, Progress progress) throws IOException {
        switch (source) {
            case KernelSource.Deb(Path deb) ->
                new PackageUnpacking(KernelPackage::deb, unpacked, progress).run(KernelPackage.deb(deb));
            case KernelSource.Xbps(Path xbps) ->
                new PackageUnpacking(KernelPackage::xbps, unpacked, progress).run(KernelPackage.xbps(xbps));
            case KernelSource.Files(Path image, Path modules) -> copy(image, modules, unpacked);
        }
        return unpacked.version(file(source).toString());
    }

    static void copy(Path image, Path modules, UnpackedKernel unpacked) throws IOException {
        BootSets.checkModules(modules);
        String version = modules.toRealPath().getFileName().toString();
        try (Stream<Path> files = Files.walk(modules)) {
            for (Path each : files.filter(each -> Files.isRegularFile(each, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                try (var in = Files.newInputStream(each)) {
                    unpacked.take("lib/modules/" + version + "/" + modules.relativize(each), in);
                }
            }
        }
        // A folder of modules may hold a copy of the kernel; the one that was named counts.
        try (var in = Files.newInputStream(image)) {
            unpacked.take("boot/vmlinuz-" + version, in);
        }
    }

    private static String packageVersion(KernelSource source, String version) throws IOException {
        return switch (source) {
            case KernelSource.Deb(Path deb) -> KernelPackage.deb(deb).version();
            case KernelSource.Xbps(Path xbps) -> KernelPackage.xbps(xbps).version();
            case KernelSource.Files ignored -> version;
        };
    }

    private static String prefix(KernelSource source) {
        return switch (source) {
            case KernelSource.Deb ignored -> "debian-";
            case KernelSource.Xbps ignored -> "void-";
            case KernelSource.Files ignored -> "local-";
        };
    }
}
