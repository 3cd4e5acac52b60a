package banger.daemon.image;

import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.kernel.KernelEntry;
import banger.daemon.os.DiskFull;
import banger.daemon.os.DurableFiles;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files of images on this host: layers and work seeds, each named by its digest. */
public final class ImageFiles {
    private final HostPaths paths;
    private final KernelBundles kernels;
    private final ReadWriteLock making = new ReentrantReadWriteLock();
    private volatile Runnable afterMaking = () -> {};

    public ImageFiles(HostPaths paths, KernelBundles kernels) {
        this.paths = paths;
        this.kernels = kernels;
    }

    /** Why VMs cannot be made from the image, or nothing; a missing seed is made when one is. Looks at names and sizes only, so that lists stay fast. */
    public Optional<String> verify(Image image) {
        if (image.broken() != null) {
            return Optional.of(image.broken());
        }
        UserFiles user = image.userFiles();
        if (user != null) {
            return Stream.of(user.rootfs(), user.kernel(), user.initrd(), user.modules(), user.workSeed())
                    .filter(Objects::nonNull)
                    .filter(file -> !Files.isReadable(file))
                    .map(file -> "its " + file + " is missing, or cannot be read")
                    .findFirst();
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
        return !Files.exists(seed) || matches(() -> SparseDigest.of(seed), image.workSeed())
                ? Optional.empty()
                : Optional.of("its work seed " + seed + " is damaged");
    }

    /** Whether the layer is in the store. */
    public boolean hasLayer(Layer layer) {
        return size(paths.layer(layer.digest())) == layer.sizeBytes();
    }

    /** Puts a finished file system in place as a layer. */
    public Layer publishLayer(Path made, String digest) throws IOException {
        long bytes = Files.size(made);
        publish(made, paths.layer(digest));
        FaultPoint.LAYER_PUBLISHED.pass();
        return new Layer(digest, bytes);
    }

    /** Puts a finished file system in place as a work seed. */
    public void publishSeed(Path made, String digest) throws IOException {
        publish(made, paths.workSeed(digest));
        FaultPoint.SEED_PUBLISHED.pass();
    }

    /**
     * Held by whoever makes an image, from its first file to its record, so that no file is taken for nobody's in
     * between. Any number at once; to be closed by the thread that opened it. Files that no record names by then go,
     * as do those that a record has ceased to name.
     */
    public Making making() {
        Lock lock = making.readLock();
        lock.lock();
        return () -> {
            lock.unlock();
            afterMaking.run();
        };
    }

    /** What is done each time that an image was made, or could not be. */
    void afterMaking(Runnable work) {
        afterMaking = work;
    }

    /** See {@link #making()}. */
    public interface Making extends AutoCloseable {
        @Override
        void close();
    }

    /** The files that the images name. */
    Set<Path> named(Collection<Image> images) {
        Set<Path> named = new HashSet<>();
        for (Image image : images) {
            image.layers().forEach(layer -> named.add(paths.layer(layer.digest())));
            named.add(paths.workSeed(image.workSeed()));
        }
        return named;
    }

    /** Every layer and work seed that is there. */
    List<Path> present() {
        return in(paths.layer("").getParent(), paths.workSeed("").getParent());
    }

    /** What pulls that were cut off have left for the next try. */
    List<Path> pulled() {
        return in(paths.pulled());
    }

    private static List<Path> in(Path... folders) {
        List<Path> present = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.sorted().forEach(present::add);
            } catch (java.nio.file.NoSuchFileException e) {
                // No image was ever made.
            } catch (IOException e) {
                throw DiskFull.orFailed(e, "listing " + folder);
            }
        }
        return present;
    }

    /** The digest in the name of a layer or seed. */
    String digestOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".ext4") ? name.substring(0, name.length() - ".ext4".length()) : name;
    }

    /**
     * Removes files that nobody needs.
     *
     * @param unused tells which; it is asked while no image is being made, as that may be what needs a file
     * @return what was removed, or nothing where an image is being made
     */
    Optional<List<UnusedFile>> remove(Supplier<List<UnusedFile>> unused) {
        Lock lock = making.writeLock();
        if (!lock.tryLock()) {
            return Optional.empty();
        }
        try {
            List<UnusedFile> removed = unused.get();
            for (UnusedFile each : removed) {
                Files.deleteIfExists(each.file());
            }
            return Optional.of(removed);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "removing unused files");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the bundles that were made for images which are gone or were never recorded, unless an image is being made.
     *
     * @param used ids of kernels that stay
     */
    void removeBootSets(Supplier<Set<String>> used) {
        Lock lock = making.writeLock();
        if (!lock.tryLock()) {
            return;
        }
        try {
            Set<String> named = used.get();
            for (KernelEntry entry : kernels.list()) {
                if (entry instanceof KernelEntry.Usable(Kernel kernel)
                        && !named.contains(kernel.id())
                        && kernels.goesWithImages(kernel)) {
                    kernels.delete(kernel.id());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void publish(Path made, Path place) throws IOException {
        if (size(place) == Files.size(made)) {
            // The same bytes, and perhaps in use. One of another size is damaged, and healed by this.
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
