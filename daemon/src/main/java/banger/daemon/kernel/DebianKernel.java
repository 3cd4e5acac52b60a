package banger.daemon.kernel;

import banger.daemon.debian.DebArchive;
import banger.daemon.debian.DebianPackage;
import banger.daemon.debian.PrivateApt;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a kernel bundle from Debian's kernel for clouds, which is small and has what microVMs need. */
public final class DebianKernel {
    private static final Pattern KERNEL = Pattern.compile("linux-image-[0-9][A-Za-z0-9.+~-]*");

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
        Optional<Kernel> present =
                bundles.findMadeFrom(wanted.version(), wanted.name().substring("linux-image-".length()));
        if (present.isPresent()) {
            return bundles.current(present.get());
        }
        Path deb = apt.download(wanted, progress);
        try {
            progress.stage("kernel", "unpacking " + wanted);
            UnpackedKernel unpacked = new UnpackedKernel(scratch.resolve("unpacked"), progress);
            new DebArchive(deb).forEachFile(unpacked::take);
            String version = unpacked.version("the package " + wanted);
            var origin =
                    new BundleBuild.Origin(wanted.version(), deb.getFileName().toString(), Sha256.of(deb));
            return new BundleBuild(bundles, namespace, progress)
                    .run(unpacked, version, origin, bundles.freeId("debian-" + version), scratch);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making a kernel from " + deb);
        }
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other ->
                throw new Problem(Problem.Kind.MISSING_REQUIREMENT, "no kernel is known for this machine: " + other);
        };
    }
}
