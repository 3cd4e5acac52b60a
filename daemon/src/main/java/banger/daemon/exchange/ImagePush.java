package banger.daemon.exchange;

import banger.daemon.exchange.ArtifactJson.Artifact;
import banger.daemon.exchange.ArtifactJson.Packages;
import banger.daemon.exchange.ArtifactJson.Step;
import banger.daemon.exchange.ArtifactJson.StoredFile;
import banger.daemon.exchange.ArtifactJson.StoredKernel;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.oci.Architecture;
import banger.daemon.oci.ArtifactTarget;
import banger.daemon.oci.Registries;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.problem.Problem;
import banger.daemon.seed.WorkSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts an image into a registry: its layers, its kernel, its seed without the user's SSH key, its metadata. The reference
 * stands for the image once all of it is there.
 */
public final class ImagePush {
    private final HostPaths paths;
    private final ImageFiles files;
    private final KernelBundles kernels;
    private final WorkSeeds seeds;
    private final Registries registries;

    public ImagePush(HostPaths paths, ImageFiles files, KernelBundles kernels, WorkSeeds seeds, Registries registries) {
        this.paths = paths;
        this.files = files;
        this.kernels = kernels;
        this.seeds = seeds;
        this.registries = registries;
    }

    /** Checks what can be checked at once. @throws Problem WRONG_STATE, INVALID_ARGUMENT */
    public void check(Image image, String reference) {
        if (!image.isManaged()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " stands on files of yours, which may change",
                    "banger image promote " + image.name());
        }
        files.verify(image).ifPresent(fault -> {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " cannot be pushed: " + fault,
                    "banger image show " + image.name());
        });
        registries.check(reference);
    }

    public void run(Image known, String reference, Progress progress) {
        check(known, reference);
        Image image = seeds.current(known, progress);
        // Held so that no file is removed meanwhile, even where the image is deleted.
        try (Scratch scratch = Scratch.open(paths, "push");
                var making = files.making()) {
            progress.stage("seed", "taking your SSH key out of a copy of the seed");
            Path seed = scratch.folder().resolve("seed.ext4");
            seeds.copyWithoutAccess(image, seed, scratch.folder());
            ArtifactTarget target = registries.target(reference, progress);
            List<Path> kernel = kernels.files(image.kernel());
            var chunks = new ChunkWriter(target, progress, total(image, kernel, seed));
            List<StoredFile> layers = new ArrayList<>();
            for (Layer layer : image.layers()) {
                progress.stage(
                        "push",
                        "pushing layer " + (layers.size() + 1) + " of "
                                + image.layers().size());
                layers.add(chunks.put("layer", paths.layer(layer.digest()), layer.digest()));
            }
            progress.stage("push", "pushing the seed");
            StoredFile storedSeed = chunks.put("seed", seed, SparseDigest.of(seed));
            progress.stage("push", "pushing the kernel " + image.kernel());
            List<StoredFile> bundle = new ArrayList<>();
            for (Path file : kernel) {
                bundle.add(chunks.put(file.getFileName().toString(), file, Sha256.of(file)));
            }
            progress.stage("record", "naming it " + reference);
            Artifact artifact = describe(image, layers, storedSeed, new StoredKernel(image.kernel(), bundle));
            target.finish(ArtifactJson.TYPE.toJson(artifact).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "pushing the image " + image.name());
        }
    }

    private long total(Image image, List<Path> kernel, Path seed) throws IOException {
        List<Path> all = new ArrayList<>(kernel);
        all.add(seed);
        image.layers().forEach(layer -> all.add(paths.layer(layer.digest())));
        return ChunkWriter.bytes(all);
    }

    private static Artifact describe(Image image, List<StoredFile> layers, StoredFile seed, StoredKernel kernel) {
        GuestProfile profile = image.profile();
        PackageManifest packages = image.provenance().packages();
        return new Artifact(
                ArtifactJson.FORMAT,
                image.name(),
                Architecture.ofThisMachine(),
                layers,
                seed,
                kernel,
                image.readiness(),
                profile.environment().entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList(),
                profile.user(),
                profile.folder(),
                profile.entrypoint(),
                profile.ports(),
                image.provenance().recipe(),
                image.provenance().history().stream()
                        .map(each ->
                                new Step(each.what(), each.layer(), each.at().toString()))
                        .toList(),
                packages == null ? null : new Packages(packages.count(), packages.digest()));
    }
}
