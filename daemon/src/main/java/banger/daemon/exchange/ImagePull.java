package banger.daemon.exchange;

import banger.daemon.exchange.ArtifactJson.Artifact;
import banger.daemon.exchange.ArtifactJson.StoredFile;
import banger.daemon.exchange.ArtifactJson.StoredKernel;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageName;
import banger.daemon.image.ImageStore;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.oci.ArtifactSource;
import banger.daemon.oci.Registries;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/**
 * Fetches an image that was pushed. Layers and kernels that are here already are not fetched; what has come stays in the
 * cache until the image is whole. A failure leaves nothing else.
 */
public final class ImagePull {
    private static final String KERNEL = "kernel";
    private static final long LOOK_MILLIS = 200;

    private final HostPaths paths;
    private final ImageStore images;
    private final ImageFiles files;
    private final KernelBundles kernels;
    private final Registries registries;
    private final ImportLimits limits;
    private final BiFunction<Image, Progress, Image> finish;
    private final ReentrantLock one = new ReentrantLock();

    /** @param finish what is done to the image once it is recorded: its seed gets the user's SSH key */
    public ImagePull(
            HostPaths paths,
            ImageStore images,
            ImageFiles files,
            KernelBundles kernels,
            Registries registries,
            ImportLimits limits,
            BiFunction<Image, Progress, Image> finish) {
        this.paths = paths;
        this.images = images;
        this.files = files;
        this.kernels = kernels;
        this.registries = registries;
        this.limits = limits;
        this.finish = finish;
    }

    /** Checks what can be checked at once. @throws Problem INVALID_ARGUMENT, ALREADY_EXISTS */
    public void check(String reference, String name) {
        ImageName.check(name);
        registries.check(reference);
        if (images.findByName(name).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    "image " + name + " exists already",
                    "give another name with --name, or: banger image delete " + name);
        }
    }

    /** One at a time, as two of the same image would fetch everything twice. */
    public Image run(String reference, String name, Progress progress) {
        check(reference, name);
        await(progress);
        try {
            return pull(reference, name, progress);
        } finally {
            one.unlock();
        }
    }

    private void await(Progress progress) {
        try {
            if (!one.tryLock()) {
                progress.stage("wait", "waiting for another pull to end");
                while (!one.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    progress.checkCancelled();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.CANCELLED, "interrupted while another pull was under way");
        }
    }

    private Image pull(String reference, String name, Progress progress) {
        progress.stage("open", "reading " + reference);
        Image image;
        try (Scratch scratch = Scratch.open(paths, "pull");
                var making = files.making()) {
            ArtifactSource source = registries.source(reference, paths.pulled(), progress);
            ArtifactCheck check = new ArtifactCheck(reference, limits);
            Artifact artifact = check.read(source.configuration());
            source.checkArchitecture(artifact.architecture());
            ChunkReader chunks = new ChunkReader(source, progress, check.bytes());
            image = make(artifact, reference, name, chunks, scratch.folder(), progress);
            for (StoredFile file : all(artifact)) {
                chunks.forget(file);
            }
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "pulling " + reference);
        }
        return finish.apply(image, progress);
    }

    private Image make(
            Artifact artifact, String reference, String name, ChunkReader chunks, Path scratch, Progress progress)
            throws IOException {
        List<Path> made = new ArrayList<>();
        for (StoredFile layer : artifact.layers()) {
            Path file = scratch.resolve("layer-" + made.size());
            made.add(file);
            if (files.hasLayer(new Layer(layer.digest(), layer.bytes()))) {
                progress.stage("present", "layer " + layer.digest() + " is here already");
            } else {
                progress.stage(
                        "pull",
                        "pulling layer " + made.size() + " of "
                                + artifact.layers().size());
                chunks.get(
                        layer,
                        reference + "'s layer " + layer.digest(),
                        file,
                        whole -> Sha256.of(whole, progress::checkCancelled));
            }
        }
        progress.stage("pull", "pulling the seed");
        Path seed = scratch.resolve("seed");
        chunks.get(artifact.seed(), reference + "'s seed", seed, SparseDigest::of);
        boolean hasKernel = fetchKernel(artifact.kernel(), reference, chunks, scratch, progress);
        progress.checkCancelled();
        progress.stage("record", "recording the image " + name);
        check(reference, name);
        // A crash in here leaves files that no image names; the next start removes them.
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            StoredFile layer = artifact.layers().get(i);
            layers.add(
                    Files.exists(made.get(i))
                            ? files.publishLayer(made.get(i), layer.digest())
                            : new Layer(layer.digest(), layer.bytes()));
        }
        files.publishSeed(seed, artifact.seed().digest());
        String id = artifact.kernel().id();
        if (hasKernel) {
            return kernels.naming(() ->
                    record(artifact, reference, name, layers, kernels.load(id).id()));
        }
        // It goes again where no image comes to name it.
        String kernel = kernels.adopt(scratch.resolve(KERNEL), id).id();
        FaultPoint.KERNEL_ADOPTED.pass();
        Image image = record(artifact, reference, name, layers, kernel);
        kernels.keepAdopted(kernel);
        return image;
    }

    private Image record(Artifact artifact, String reference, String name, List<Layer> layers, String kernel) {
        return images.add(Image.managed(
                name,
                layers,
                kernel,
                new WorkSeed(artifact.seed().digest(), ""),
                profile(artifact),
                provenance(artifact, reference)));
    }

    /** Fetches the kernel into the scratch folder. Returns true where it is here already. */
    private boolean fetchKernel(
            StoredKernel kernel, String reference, ChunkReader chunks, Path scratch, Progress progress)
            throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        kernel.files().forEach(file -> digests.put(file.name(), file.digest()));
        if (kernels.isThere(kernel.id(), digests)) {
            progress.stage("present", "the kernel " + kernel.id() + " is here already");
            return true;
        }
        progress.stage("pull", "pulling the kernel " + kernel.id());
        Path bundle = Files.createDirectory(scratch.resolve(KERNEL));
        for (StoredFile file : kernel.files()) {
            String what = reference + "'s kernel file " + file.name();
            chunks.get(file, what, bundle.resolve(file.name()), Sha256::of);
        }
        return false;
    }

    private static List<StoredFile> all(Artifact artifact) {
        List<StoredFile> all = new ArrayList<>(artifact.layers());
        all.add(artifact.seed());
        all.addAll(artifact.kernel().files());
        return all;
    }

    private static GuestProfile profile(Artifact artifact) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String each : artifact.environment()) {
            int equals = each.indexOf('=');
            environment.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return new GuestProfile(
                artifact.readiness(),
                environment,
                artifact.user(),
                artifact.folder(),
                artifact.entrypoint(),
                artifact.ports());
    }

    private static Provenance provenance(Artifact artifact, String reference) {
        List<HistoryEntry> history = new ArrayList<>();
        artifact.history()
                .forEach(step -> history.add(new HistoryEntry(step.what(), step.layer(), Instant.parse(step.at()))));
        String pulled = "pulled from " + reference;
        history.add(new HistoryEntry(pulled, artifact.layers().getLast().digest(), Instant.now()));
        var packages = artifact.packages();
        return new Provenance(
                artifact.recipe() + "; " + pulled,
                history,
                packages == null ? null : new PackageManifest(packages.count(), packages.digest()));
    }
}
