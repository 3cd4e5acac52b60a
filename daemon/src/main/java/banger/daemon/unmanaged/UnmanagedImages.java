package banger.daemon.unmanaged;

import banger.daemon.image.FileStamp;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageName;
import banger.daemon.image.ImageStore;
import banger.daemon.image.InstalledPackages;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.UserFiles;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.BootSets;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseCopy;
import banger.daemon.problem.Problem;
import banger.daemon.seed.WorkSeeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Registers images that point at files of the user's, keeps what VMs boot of them up to date, and takes their files into
 * the store. The user's files are only read.
 */
public final class UnmanagedImages {
    private static final int ID_DIGITS = 12;

    private final HostPaths paths;
    private final ImageStore images;
    private final ImageFiles files;
    private final BootSets bootSets;
    private final WorkSeeds seeds;

    public UnmanagedImages(HostPaths paths, ImageStore images, ImageFiles files, BootSets bootSets, WorkSeeds seeds) {
        this.paths = paths;
        this.images = images;
        this.files = files;
        this.bootSets = bootSets;
        this.seeds = seeds;
    }

    /** Checks what can be checked at once. @throws Problem INVALID_ARGUMENT, ALREADY_EXISTS, NOT_FOUND, FAILED */
    public void check(String name, UserFiles user) {
        ImageName.check(name);
        if (images.findByName(name).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS, "image " + name + " exists already", "banger image delete " + name);
        }
        UserFileChecks.check(user);
    }

    /** Records the image once its boot set is made, which shows that its kernel can be used. */
    public Image register(String name, UserFiles user, Progress progress) {
        progress.stage("check", "checking its files");
        check(name, user);
        try (var making = files.making()) {
            String kernel = bootSet(user, progress);
            progress.checkCancelled();
            progress.stage("record", "recording the image");
            return images.add(new Image(
                    UUID.randomUUID(),
                    name,
                    List.of(),
                    kernel,
                    WorkSeed.NONE,
                    GuestProfile.PLAIN,
                    new Provenance("files of yours, by banger image register", List.of(), null),
                    user,
                    null,
                    Instant.now()));
        }
    }

    /** The image with a boot set of its files as they are now; a managed image as it is. */
    public Image current(Image image, Progress progress) {
        UserFiles user = image.userFiles();
        if (user == null) {
            return image;
        }
        UserFileChecks.check(user);
        try (var making = files.making()) {
            String kernel = bootSet(user, progress);
            return kernel.equals(image.kernel())
                    ? image
                    : images.update(image.id(), now -> now.isManaged() ? now : now.withKernel(kernel));
        }
    }

    /**
     * Takes the image's files into the store; its boot set and its seed are there already, or made of them now. Running VMs go on with the files that they
     * have open, and start from the store's the next time.
     */
    public Image promote(Image registered, Progress progress) {
        UserFiles user = userFiles(registered);
        String stamp = FileStamp.of(user.rootfs(), user.workSeed());
        Image image = seeds.current(current(registered, progress), progress);
        try (Scratch scratch = Scratch.open(paths, "promote");
                var making = files.making()) {
            progress.stage("copy", "copying " + user.rootfs());
            Path copy = scratch.folder().resolve("layer.ext4");
            SparseCopy.copy(user.rootfs(), copy);
            progress.checkCancelled();
            progress.stage("digest", "comparing the copy with " + user.rootfs());
            String digest = Sha256.of(copy);
            if (!digest.equals(Sha256.of(user.rootfs()))
                    || !stamp.equals(FileStamp.of(user.rootfs(), user.workSeed()))) {
                throw new Problem(
                        Problem.Kind.FAILED,
                        user.rootfs() + " changed while it was copied",
                        "unmount it, then: banger image promote " + image.name());
            }
            progress.checkCancelled();
            progress.stage("record", "recording the image");
            Layer layer = files.publishLayer(copy, digest);
            String recipe = "promoted from " + user.rootfs();
            var packages = InstalledPackages.of(List.of(paths.layer(digest)));
            return images.update(image.id(), now -> {
                userFiles(now);
                List<HistoryEntry> history = new ArrayList<>(now.provenance().history());
                history.add(new HistoryEntry(recipe, digest, Instant.now()));
                var provenance = new Provenance(recipe, history, packages);
                return now.promoted(List.of(layer), now.kernel(), now.seed(), provenance);
            });
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "promoting the image " + image.name());
        }
    }

    private static UserFiles userFiles(Image image) {
        UserFiles user = image.userFiles();
        if (user == null) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " is managed already",
                    "banger image show " + image.name());
        }
        return user;
    }

    /** The id of the bundle, which tells the files that it was made of. */
    private synchronized String bootSet(UserFiles user, Progress progress) {
        Path modules = user.modules();
        Path table = modules == null ? null : modules.resolve("modules.builtin");
        String stamp = FileStamp.of(user.kernel(), user.initrd(), modules, table);
        String id = "image-" + stamp.substring(0, ID_DIGITS);
        return bootSets.make(id, user.kernel(), modules, user.initrd(), progress)
                .id();
    }
}
