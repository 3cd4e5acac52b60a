package banger.daemon.image;

import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What images take on disk, what of it nobody needs, and how it goes. Safe for any number of threads. */
public final class ImageInventory {
    private static final System.Logger LOG = System.getLogger(ImageInventory.class.getName());

    private final HostPaths paths;
    private final ImageStore images;
    private final StepCache steps;
    private final ImageFiles files;
    private final Vms vms;

    /** What of VMs keeps files of images. */
    public interface Vms {
        /** Whether there are disks of VMs that no record knows, whose images no record may know either. */
        boolean anyUnrecorded();

        /** The ids of kernels that VMs have instead of those of their images. */
        Set<String> chosenKernels();
    }

    public ImageInventory(HostPaths paths, ImageStore images, StepCache steps, ImageFiles files, Vms vms) {
        this.paths = paths;
        this.images = images;
        this.steps = steps;
        this.files = files;
        this.vms = vms;
        files.afterMaking(this::tidy);
    }

    /** Why VMs cannot be made from the image, or nothing. */
    public Optional<String> fault(Image image) {
        return files.verify(image);
    }

    /** @param shared bytes of files that other images use too @param own bytes that go with the image */
    public record Size(long shared, long own) {}

    public Size sizeOf(Image image) {
        var others = files.named(images.list().stream()
                .filter(other -> !other.id().equals(image.id()))
                .toList());
        long shared = 0;
        long own = 0;
        for (Path file : files.named(List.of(image))) {
            long bytes = DiskUsage.of(file);
            if (others.contains(file)) {
                shared += bytes;
            } else {
                own += bytes;
            }
        }
        return new Size(shared, own);
    }

    /**
     * Forgets the image, and removes the files that are nobody's then; the results of build steps stay.
     *
     * @return the bytes that were freed; files go later where an image is being made
     * @throws Problem WRONG_STATE that names its VMs
     */
    public long delete(Image image) {
        images.delete(image.id());
        files.removeBootSets(this::kernelsInUse);
        return sum(files.remove(() -> unused(true)).orElse(List.of()));
    }

    /** What {@link #prune} would remove: files that no image names, the results of build steps among them. */
    public List<UnusedFile> prunable() {
        return unused(false);
    }

    /**
     * Removes what no image needs, and says what that was.
     *
     * @throws Problem WRONG_STATE while an image is being made
     */
    public List<UnusedFile> prune() {
        return files.remove(() -> {
                    List<UnusedFile> found = unused(false);
                    // A step whose layer is gone must not be found; a layer without its step is only unused.
                    found.forEach(file -> steps.deleteLayer(files.digestOf(file.file())));
                    return found;
                })
                .orElseThrow(() -> new Problem(
                        Problem.Kind.WRONG_STATE,
                        "an image is being made, which may use these files",
                        "banger operation list, and try again when it is done"));
    }

    /** Removes what a daemon that was killed had begun; to be called before any image is made. */
    public void sweep() {
        if (vms.anyUnrecorded()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "below {0} are disks of vms that no record knows, so all layers are kept; ./dev verify lists them",
                    paths.vm(""));
            return;
        }
        files.remove(() -> unused(true));
        files.removeBootSets(this::kernelsInUse);
    }

    /** What a failure has left, or a newer image of the same name; it goes later where another image is being made. */
    private void tidy() {
        try {
            sweep();
        } catch (Problem e) {
            // The image is made, or the failure is told; the next one that is made tries again.
            LOG.log(System.Logger.Level.WARNING, "unused files of images stay: {0}", e.getMessage());
        }
    }

    private Set<String> kernelsInUse() {
        return Stream.concat(images.list().stream().map(Image::kernel), vms.chosenKernels().stream())
                .collect(Collectors.toSet());
    }

    private List<UnusedFile> unused(boolean keepSteps) {
        Collection<Image> all = images.list();
        // A broken image does not tell what it had, and a database that was begun anew knows nothing at all.
        boolean untold = all.stream()
                .anyMatch(image -> image.broken() != null && image.layers().isEmpty());
        if (untold || vms.anyUnrecorded()) {
            return List.of();
        }
        Map<Path, CachedStep> cached = steps.list().stream()
                .collect(Collectors.toMap(
                        step -> paths.layer(step.layer().digest()), Function.identity(), (one, other) -> one));
        var named = files.named(all);
        Stream<UnusedFile> unused = files.present().stream()
                .filter(file -> !named.contains(file))
                .filter(file -> !keepSteps || !cached.containsKey(file))
                .map(file -> new UnusedFile(file, what(file, cached.get(file)), DiskUsage.of(file)));
        Stream<UnusedFile> pulled = keepSteps
                ? Stream.of()
                : files.pulled().stream()
                        .map(file -> new UnusedFile(file, "part of a pull that was cut off", DiskUsage.of(file)));
        return Stream.concat(unused, pulled).toList();
    }

    private String what(Path file, @org.jspecify.annotations.Nullable CachedStep step) {
        if (step != null) {
            return "build step: " + step.what();
        }
        return file.startsWith(paths.layer("").getParent()) ? "layer" : "work seed";
    }

    private static long sum(List<UnusedFile> files) {
        return files.stream().mapToLong(UnusedFile::bytes).sum();
    }
}
