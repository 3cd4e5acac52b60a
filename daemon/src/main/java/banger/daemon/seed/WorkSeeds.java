package banger.daemon.seed;

import banger.daemon.disk.Ext4;
import banger.daemon.disk.VmDisks;
import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.LayerWriter;
import banger.daemon.ext4.Overlay;
import banger.daemon.ext4.Tree;
import banger.daemon.image.Bootstrap;
import banger.daemon.image.FileStamp;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageStore;
import banger.daemon.image.UserFiles;
import banger.daemon.image.WorkSeed;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.DiskFull;
import banger.daemon.os.FaultPoint;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseCopy;
import banger.daemon.os.SparseDigest;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps images' work seeds up to date: a seed that was made for another SSH key or by another format of banger's is made
 * anew from its content, one that is missing from {@code /root} in the image's layers. Safe for any number of threads.
 *
 * <p>Seeds are never changed in place, as VMs may be cloning them: the new one gets its name, then the image's record
 * names it, then the old one goes. A failure in between leaves no file that no image names, and what a crash leaves goes
 * with the next start.
 */
public final class WorkSeeds {
    private static final System.Logger LOG = System.getLogger(WorkSeeds.class.getName());
    /** Changes when seeds are to hold something else than they did. */
    private static final String FORMAT = "1";

    private static final String UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670007";

    private final HostPaths paths;
    private final ImageStore images;
    private final ImageFiles files;
    private final Supplier<String> sshKey;

    /** @param sshKey the user's public key */
    public WorkSeeds(HostPaths paths, ImageStore images, ImageFiles files, Supplier<String> sshKey) {
        this.paths = paths;
        this.images = images;
        this.files = files;
        this.sshKey = sshKey;
    }

    /** The image with a seed that is there and current; where it has to be made first, the progress tells. */
    public Image current(Image image, Progress progress) {
        String key = key();
        return isCurrent(image, key) ? image : renewed(image, key, progress);
    }

    /** The same for an image that was just recorded, which a seed that cannot be made does not undo: its first VM will. */
    public Image ofRecorded(Image image, Progress progress) {
        FaultPoint.IMAGE_RECORDED.pass();
        try {
            return current(image, progress);
        } catch (Problem e) {
            progress.stage("seed", "the first vm of image " + image.name() + " makes its work seed: " + e.getMessage());
            LOG.log(System.Logger.Level.WARNING, "image {0} has no current seed: {1}", image.name(), e.getMessage());
            return image;
        }
    }

    /** Copies the image's seed, which must be there, without what lets anybody in. @param scratch of the caller's */
    public void copyWithoutAccess(Image image, Path copy, Path scratch) throws IOException {
        SparseCopy.copy(paths.workSeed(image.workSeed()), copy);
        new Access("").bake(copy, scratch);
    }

    /** What a seed is made of: the format, the key that it lets in, and its content. */
    static String fingerprint(Image image, String key, String digest) {
        UserFiles user = image.userFiles();
        String source = user == null ? "" : FileStamp.of(user.workSeed() == null ? user.rootfs() : user.workSeed());
        String parts = FORMAT + "\n" + key + "\n" + digest + "\n" + source;
        return Sha256.of(parts.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isCurrent(Image image, String key) {
        return image.seed().fingerprint().equals(fingerprint(image, key, image.workSeed())) && isPresent(image);
    }

    private boolean isPresent(Image image) {
        return !image.workSeed().isEmpty() && Files.isRegularFile(paths.workSeed(image.workSeed()));
    }

    private synchronized Image renewed(Image known, String key, Progress progress) {
        // Another VM of the image may have waited for the same.
        Image image = images.find(known.id()).orElse(known);
        if (isCurrent(image, key)) {
            return image;
        }
        try (Scratch scratch = Scratch.open(paths, "seed");
                var making = files.making()) {
            Path made = make(image, key, scratch.folder(), progress);
            String digest = SparseDigest.of(made);
            progress.checkCancelled();
            files.publishSeed(made, digest);
            return images.update(
                    image.id(), now -> now.withSeed(new WorkSeed(digest, fingerprint(image, key, digest))));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the work seed of image " + image.name());
        }
    }

    private Path make(Image image, String key, Path scratch, Progress progress) throws IOException {
        Path made = scratch.resolve("seed.ext4");
        UserFiles user = image.userFiles();
        if (user != null && user.workSeed() != null) {
            progress.stage("seed", "making the work seed of image " + image.name() + " from " + user.workSeed());
            SparseCopy.copy(user.workSeed(), made);
        } else if (user == null && isPresent(image)) {
            progress.stage("seed", "renewing the work seed of image " + image.name() + " for your SSH key");
            SparseCopy.copy(paths.workSeed(image.workSeed()), made);
        } else {
            progress.stage("seed", "making the work seed of image " + image.name() + ", from its /root");
            fromLayers(image, made, scratch, progress);
        }
        new Access(key).bake(made, scratch);
        return made;
    }

    private void fromLayers(Image image, Path made, Path scratch, Progress progress) throws IOException {
        List<Ext4Volume> open = new ArrayList<>();
        try {
            List<Entry> trees = new ArrayList<>();
            for (Path layer : layers(image)) {
                requireThere(image, layer);
                open.add(Ext4Volume.open(layer));
                trees.add(Tree.read(open.getLast()));
            }
            Entry home = Overlay.view(trees).at("root");
            Ext4 format = Ext4.writable("banger-work", UUID, VmDisks.MAX_BYTES, null);
            if (home != null && home.isFolder()) {
                LayerWriter.disk(home, made, Bootstrap.SEED_BYTES, format, scratch, progress);
            } else {
                format.make(made, Bootstrap.SEED_BYTES, command -> command);
                for (String request : List.of("rmdir lost+found", "set_inode_field <2> mode 040700")) {
                    Command.of("debugfs", "-w", "-R", request, made.toString()).succeed();
                }
            }
        } finally {
            for (Ext4Volume each : open) {
                each.close();
            }
        }
    }

    private static void requireThere(Image image, Path layer) {
        if (!Files.exists(layer)) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " is broken: " + layer + " is missing",
                    "banger doctor");
        }
    }

    private List<Path> layers(Image image) {
        UserFiles user = image.userFiles();
        return user != null
                ? List.of(user.rootfs())
                : image.layers().stream()
                        .map(layer -> paths.layer(layer.digest()))
                        .toList();
    }

    /** Nothing where there can be no key now: a VM is of use without ssh. */
    private String key() {
        try {
            return sshKey.get();
        } catch (Problem e) {
            LOG.log(System.Logger.Level.WARNING, "work seeds are made without a key for ssh: {0}", e.getMessage());
            return "";
        }
    }
}
