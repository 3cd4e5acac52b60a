package banger.daemon.image;

import banger.daemon.disk.Ext4;
import banger.daemon.disk.ReadOnlyDisk;
import banger.daemon.disk.VmDisks;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.kernel.KernelEntry;
import banger.daemon.oci.ImageOnDisk;
import banger.daemon.oci.OciImage;
import banger.daemon.oci.Registries;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import banger.daemon.rootfs.Rootfs;
import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes images from those of container engines, and from archives of root file systems.
 *
 * <p>All layers become one: what they remove or link across would need the same again from an overlay, and a guest has
 * room for few disks. What a container engine would run is kept as the image's profile and not run. A failure or a
 * cancellation leaves nothing; the last step alone puts files in place.
 */
public final class ImageImport {
    private static final String LAYER_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670005";
    private static final String SEED_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670006";
    /** Copies root's home for the seed; where it is a link or missing there is an empty one. */
    private static final String SPLIT = "if [ -d root ] && [ ! -L root ]; then cp -a --reflink=auto root ../home;"
            + " else rm -f root; mkdir ../home; mkdir -m 700 root; fi";

    private final HostPaths paths;
    private final ImageStore store;
    private final KernelBundles kernels;
    private final ImageFiles files;
    private final Registries registries;
    private final ImportLimits limits;
    private final BiFunction<Image, Progress, Image> finish;

    /** @param finish what is done to the image once it is recorded: its seed gets the user's SSH key */
    public ImageImport(
            HostPaths paths,
            ImageStore store,
            KernelBundles kernels,
            ImageFiles files,
            Registries registries,
            ImportLimits limits,
            BiFunction<Image, Progress, Image> finish) {
        this.paths = paths;
        this.store = store;
        this.kernels = kernels;
        this.files = files;
        this.registries = registries;
        this.limits = limits;
        this.finish = finish;
    }

    /**
     * What an import is asked for.
     *
     * @param kernel a kernel's id or a prefix of one, or null: the default
     */
    public record Request(
            ImageSource source, String name, @Nullable String kernel) {}

    /** Checks what can be checked at once. @throws Problem INVALID_ARGUMENT, ALREADY_EXISTS, NOT_FOUND */
    public void check(Request request) {
        ImageName.check(request.name());
        if (store.findByName(request.name()).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    "image " + request.name() + " exists already",
                    "give another name with --name, or: banger image delete " + request.name());
        }
        kernelOf(request);
    }

    /** Imports the image and returns what is stored. */
    public Image run(Request request, Progress progress) {
        return finish.apply(make(request, progress), progress);
    }

    private Image make(Request request, Progress progress) {
        check(request);
        RootNamespace namespace = RootNamespace.open();
        try (Scratch scratch = Scratch.open(paths, "import");
                var making = files.making()) {
            return run(request, scratch.folder(), namespace, progress);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "importing " + request.source());
        }
    }

    private Image run(Request request, Path scratch, RootNamespace namespace, Progress progress) throws IOException {
        progress.stage("open", "reading " + request.source());
        OciImage source = switch (request.source()) {
            case ImageSource.OnDisk(Path path) -> new ImageOnDisk(scratch, limits, progress).open(path);
            case ImageSource.InRegistry(String reference) ->
                registries.open(reference, scratch.resolve("fetched"), limits.bytes(), progress);
        };
        Path root = Files.createDirectory(scratch.resolve("root"));
        Rootfs rootfs = new Rootfs(root, namespace, limits, progress);
        int number = 0;
        for (StoredLayer layer : source.layers()) {
            progress.stage(
                    "unpack",
                    "unpacking layer " + ++number + " of " + source.layers().size());
            rootfs.add(layer);
        }
        UnaryOperator<Command> enter = command -> namespace.enter(command).until(progress::cancelled);
        enter.apply(Command.of("sh", "-ec", SPLIT).in(root)).succeed();

        progress.stage("layer", "writing the layer");
        Path layer = scratch.resolve("layer.ext4");
        new ReadOnlyDisk("banger-import", LAYER_UUID, root).make(layer, enter);
        progress.stage("seed", "writing the work seed");
        Path seed = scratch.resolve("seed.ext4");
        Ext4.writable("banger-work", SEED_UUID, VmDisks.MAX_BYTES, scratch.resolve("home"))
                .make(seed, Bootstrap.SEED_BYTES, enter);
        for (String change : List.of("rmdir lost+found", "set_inode_field <2> mode 040700")) {
            Command.of("debugfs", "-w", "-R", change, seed.toString()).succeed();
        }

        progress.stage("record", "recording the image " + request.name());
        String layerDigest = Sha256.of(layer);
        String seedDigest = SparseDigest.of(seed);
        PackageManifest packages = InstalledPackages.of(List.of(layer));
        progress.checkCancelled();
        check(request);
        // A crash in here leaves files that no image names; the next start removes them.
        Layer published = files.publishLayer(layer, layerDigest);
        files.publishSeed(seed, seedDigest);
        String recipe = "imported from " + request.source();
        var provenance =
                new Provenance(recipe, List.of(new HistoryEntry(recipe, layerDigest, Instant.now())), packages);
        return kernels.naming(() -> store.add(Image.managed(
                request.name(),
                List.of(published),
                kernelOf(request),
                new WorkSeed(seedDigest, ""),
                profile(source),
                provenance)));
    }

    private String kernelOf(Request request) {
        if (request.kernel() == null) {
            return kernels.defaultId();
        }
        KernelEntry entry = kernels.resolve(request.kernel());
        return kernels.load(entry.id()).id();
    }

    private static GuestProfile profile(OciImage source) {
        return new GuestProfile(
                List.of("agent"),
                source.environment(),
                source.user(),
                source.folder(),
                source.entrypoint(),
                source.ports());
    }
}
