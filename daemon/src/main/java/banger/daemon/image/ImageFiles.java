package banger.daemon.image;

import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskFull;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files of images on this host: layers and work seeds, each named by its digest. */
public final class ImageFiles {
    private final HostPaths paths;
    private final KernelBundles kernels;

    public ImageFiles(HostPaths paths, KernelBundles kernels) {
        this.paths = paths;
        this.kernels = kernels;
    }

    /** Why VMs cannot be made from the image, or nothing. Looks at names and sizes only, so that lists stay fast. */
    public Optional<String> verify(Image image) {
        if (image.broken() != null) {
            return Optional.of(image.broken());
        }
        if (image.layers().isEmpty() || image.layers().size() > Image.MAX_LAYERS) {
            return Optional.of("it has " + image.layers().size() + " layers, expected 1 to " + Image.MAX_LAYERS);
        }
        for (Layer layer : image.layers()) {
            Path file = paths.layer(layer.digest());
            long found = size(file);
            if (found != layer.sizeBytes()) {
                return Optional.of(
                        found < 0
                                ? "its layer " + file + " is missing"
                                : "its layer " + file + " has " + found + " bytes, expected " + layer.sizeBytes());
            }
        }
        if (size(paths.workSeed(image.workSeed())) <= 0) {
            return Optional.of("its work seed " + paths.workSeed(image.workSeed()) + " is missing");
        }
        return kernels.fault(image.kernel()).map(fault -> "its kernel " + image.kernel() + " is unusable: " + fault);
    }

    /** As {@link #verify}, and reads every layer and the work seed to compare their digests. */
    public Optional<String> verifyContent(Image image) {
        Optional<String> fault = verify(image);
        if (fault.isPresent()) {
            return fault;
        }
        for (Layer layer : image.layers()) {
            Path file = paths.layer(layer.digest());
            if (!matches(() -> Sha256.of(file), layer.digest())) {
                return Optional.of("its layer " + file + " is damaged");
            }
        }
        Path seed = paths.workSeed(image.workSeed());
        return matches(() -> SparseDigest.of(seed), image.workSeed())
                ? Optional.empty()
                : Optional.of("its work seed " + seed + " is damaged");
    }

    /** Puts a finished file system in place as a layer. */
    Layer publishLayer(Path made, String digest) throws IOException {
        long bytes = Files.size(made);
        publish(made, paths.layer(digest));
        return new Layer(digest, bytes);
    }

    /** Puts a finished file system in place as a work seed. */
    void publishSeed(Path made, String digest) throws IOException {
        publish(made, paths.workSeed(digest));
    }

    /**
     * Removes layers and work seeds that none of the images names; to be called when no image is being made. Where one
     * of them is broken nothing is removed, as it does not tell what it had.
     */
    public void removeUnused(Collection<Image> images) {
        Set<Path> used = new HashSet<>();
        for (Image image : images) {
            if (image.broken() != null) {
                return;
            }
            image.layers().forEach(layer -> used.add(paths.layer(layer.digest())));
            used.add(paths.workSeed(image.workSeed()));
        }
        for (Path folder : Set.of(paths.layer("").getParent(), paths.workSeed("").getParent())) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(each -> !used.contains(each)).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (java.nio.file.NoSuchFileException e) {
                // No image was ever made.
            } catch (IOException e) {
                throw DiskFull.orFailed(e, "sweeping " + folder);
            }
        }
    }

    private static void publish(Path made, Path place) throws IOException {
        if (Files.exists(place)) {
            // The same bytes, and perhaps in use.
            Files.delete(made);
            return;
        }
        made.toFile().setReadOnly();
        DurableFiles.publish(made, place);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private interface Digest {
        String read() throws IOException;
    }

    private static boolean matches(Digest digest, String expected) {
        try {
            return digest.read().equals(expected);
        } catch (IOException e) {
            return false;
        }
    }
}
