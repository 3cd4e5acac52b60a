package banger.daemon.build;

import banger.daemon.disk.DiskChain;
import banger.daemon.disk.Overlays;
import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.LayerWriter;
import banger.daemon.ext4.Overlay;
import banger.daemon.ext4.Tree;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageStore;
import banger.daemon.image.InstalledPackages;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an image of what a VM has changed: its root disk becomes a layer upon those of its image. What lies in its home,
 * on the work disk, and the folders of container engines stay with the VM.
 */
public final class Commit {
    private static final String LABEL = "banger-layer";
    private static final String LAYER_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670005";

    private final HostPaths paths;
    private final ImageStore images;
    private final ImageFiles files;

    public Commit(HostPaths paths, ImageStore images, ImageFiles files) {
        this.paths = paths;
        this.images = images;
        this.files = files;
    }

    /** Makes the image of a VM that does not run; a failure leaves nothing. */
    public Image run(Vm vm, String name, Progress progress) {
        Image base = images.find(vm.imageId())
                .filter(image -> image.broken() == null)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.WRONG_STATE,
                        "the image of vm " + vm.name() + " cannot be used",
                        "banger image list"));
        if (!base.isManaged()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + base.name() + " of vm " + vm.name() + " stands on files of yours, which may change",
                    "banger image promote " + base.name());
        }
        try (Scratch scratch = Scratch.open(paths, "commit");
                var making = files.making();
                Ext4Volume disk = RootDisk.open(whole(vm, scratch.folder(), progress), scratch.folder(), progress)) {
            Entry changes = RootDisk.changes(disk, vm.spec().network());
            return run(vm, base, name, changes, scratch.folder(), progress);
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "making the image " + name + " of vm " + vm.name());
        }
    }

    /** The VM's root disk as one file: its own where it is one. */
    private Path whole(Vm vm, Path scratch, Progress progress) throws IOException {
        var disk = new DiskChain(paths.vm(vm.id().toString()), "root");
        var overlays = new Overlays(paths);
        if (overlays.isFolding(disk)) {
            overlays.fold(disk);
        }
        if (!disk.isOverlaid()) {
            return disk.top();
        }
        progress.stage("disk", "putting its root disk together");
        Path made = scratch.resolve("whole.ext4");
        overlays.flatten(disk, made);
        return made;
    }

    private Image run(Vm vm, Image base, String name, Entry changes, Path scratch, Progress progress)
            throws IOException {
        List<Layer> below = new ArrayList<>(base.layers());
        List<Ext4Volume> open = new ArrayList<>();
        try {
            Entry layer = changes;
            if (below.size() == Image.MAX_LAYERS) {
                progress.stage("squash", "putting its upper layers into one");
                List<Entry> upper = new ArrayList<>();
                for (Layer each : below.subList(1, below.size())) {
                    open.add(Ext4Volume.open(paths.layer(each.digest())));
                    upper.add(Tree.read(open.getLast()));
                }
                upper.add(changes);
                layer = Overlay.merge(upper);
                below.subList(1, below.size()).clear();
            }
            progress.stage("layer", "writing the layer");
            Path made = scratch.resolve("layer.ext4");
            LayerWriter.layer(layer, made, LABEL, LAYER_UUID, scratch, progress);
            String digest = Sha256.of(made);
            progress.checkCancelled();
            progress.stage("record", "recording the image");
            below.add(files.publishLayer(made, digest));
            PackageManifest packages = InstalledPackages.of(
                    below.stream().map(each -> paths.layer(each.digest())).toList());
            return images.add(record(vm, base, name, below, digest, packages));
        } finally {
            for (Ext4Volume each : open) {
                each.close();
            }
        }
    }

    private static Image record(
            Vm vm, Image base, String name, List<Layer> layers, String digest, @Nullable PackageManifest packages) {
        String recipe = "vm " + vm.name() + " of image " + base.name() + ", by banger image commit";
        List<HistoryEntry> history = new ArrayList<>(base.provenance().history());
        history.add(new HistoryEntry(recipe, digest, Instant.now()));
        return Image.managed(
                name, layers, base.kernel(), base.seed(), base.profile(), new Provenance(recipe, history, packages));
    }
}
