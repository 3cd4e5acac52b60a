package banger.daemon.image;

import banger.daemon.debian.DebianRelease;
import banger.daemon.debian.PrivateApt;
import banger.daemon.disk.Ext4;
import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.disk.VmDisks;
import banger.daemon.kernel.DebianKernel;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Programs;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the first image, {@code debian}, from nothing but the host's apt sources: a kernel bundle, one layer and a work
 * seed.
 *
 * <p>Each step leaves its result in a scratch folder; only the last puts files in place and the image into the store.
 * So a step that fails, or a cancellation, is undone by removing that folder. One at a time.
 */
public final class Bootstrap {
    public static final String IMAGE_NAME = "debian";

    /** How long the work seed's file system is; a work disk of this size is a plain clone of it. */
    public static final long SEED_BYTES = 8L << 30;

    private static final long NEEDED_BYTES = 2L << 30;
    private static final List<String> PROGRAMS =
            List.of("apt-get", "mmdebstrap", "mke2fs", "debugfs", "depmod", "unshare");

    private static final String LAYER_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670004";
    private static final String SEED_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670002";

    private final HostPaths paths;
    private final ImageStore store;
    private final KernelBundles kernels;
    private final ImageFiles files;
    private final BiFunction<Image, Progress, Image> finish;

    /** @param finish what is done to the image once it is recorded: its seed gets the user's SSH key */
    public Bootstrap(
            HostPaths paths,
            ImageStore store,
            KernelBundles kernels,
            ImageFiles files,
            BiFunction<Image, Progress, Image> finish) {
        this.paths = paths;
        this.store = store;
        this.kernels = kernels;
        this.files = files;
        this.finish = finish;
    }

    /** Makes the image, or makes it anew under its id, and returns what is stored. */
    public synchronized Image run(Progress progress) {
        return finish.apply(make(progress), progress);
    }

    private Image make(Progress progress) {
        progress.stage("check", "looking for what bootstrap needs");
        PROGRAMS.forEach(Bootstrap::require);
        RootNamespace namespace = RootNamespace.open();
        DebianRelease release = DebianRelease.ofHost();
        try (Scratch scratch = Scratch.open(paths, "bootstrap");
                var making = files.making()) {
            checkSpace();
            return run(scratch.folder(), namespace, release, progress);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the image " + IMAGE_NAME);
        }
    }

    private Image run(Path scratch, RootNamespace namespace, DebianRelease release, Progress progress)
            throws IOException {
        progress.stage("lists", "fetching Debian " + release.suite() + "'s lists of packages");
        PrivateApt apt = new PrivateApt(paths.cache().resolve("apt"), release);
        apt.update(progress);

        DebianKernel debianKernel = new DebianKernel(kernels, apt, namespace);
        var kernelPackage = debianKernel.find();
        progress.stage("kernel", "kernel from " + kernelPackage);
        Kernel kernel = debianKernel.make(kernelPackage, Files.createDirectory(scratch.resolve("kernel")), progress);

        progress.stage("packages", "installing Debian " + release.suite());
        DebianRoot root = new DebianRoot(Files.createDirectory(scratch.resolve("debian")), namespace);
        root.install(apt, progress);

        progress.stage("layer", "writing the layer");
        Path layer = scratch.resolve("layer.ext4");
        new ReadOnlyDisk("banger-debian", LAYER_UUID, root.root())
                .make(layer, command -> namespace.enter(command).until(progress::cancelled));
        progress.checkCancelled();

        progress.stage("seed", "writing the work seed");
        Path seed = scratch.resolve("seed.ext4");
        Ext4.writable("banger-work", SEED_UUID, VmDisks.MAX_BYTES, root.home())
                .make(seed, SEED_BYTES, command -> namespace.enter(command).until(progress::cancelled));
        // Nobody wants to see lost+found in a home; and mke2fs takes over every mode but that of the folder itself.
        for (String request : List.of("rmdir lost+found", "set_inode_field <2> mode 040700")) {
            Command.of("debugfs", "-w", "-R", request, seed.toString()).succeed();
        }

        progress.stage("record", "recording the image");
        String layerDigest = Sha256.of(layer);
        String seedDigest = SparseDigest.of(seed);
        PackageManifest packages = InstalledPackages.of(List.of(layer));
        progress.checkCancelled();
        return record(layer, layerDigest, seed, seedDigest, kernel, release, packages);
    }

    // A crash in here leaves files that no image names; the next start removes them.
    private Image record(
            Path layer,
            String layerDigest,
            Path seed,
            String seedDigest,
            Kernel kernel,
            DebianRelease release,
            @Nullable PackageManifest packages)
            throws IOException {
        Layer published = files.publishLayer(layer, layerDigest);
        files.publishSeed(seed, seedDigest);
        String recipe = "Debian " + release.suite() + " from the host's apt sources, by banger image bootstrap";
        return store.put(Image.managed(
                IMAGE_NAME,
                List.of(published),
                kernel.id(),
                new WorkSeed(seedDigest, ""),
                GuestProfile.PLAIN,
                new Provenance(recipe, List.of(new HistoryEntry(recipe, layerDigest, Instant.now())), packages)));
    }

    private static void require(String program) {
        if (Programs.find(program).isEmpty()) {
            throw Programs.missing(program);
        }
    }

    private void checkSpace() throws IOException {
        long free = Files.getFileStore(paths.scratch()).getUsableSpace();
        if (free < NEEDED_BYTES) {
            throw new Problem(
                    Problem.Kind.RESOURCE_EXHAUSTED,
                    "bootstrap needs " + (NEEDED_BYTES >> 20) + " MiB of free disk below " + paths.data() + ", found "
                            + (free >> 20) + " MiB",
                    "free some space, then try again");
        }
    }
}
