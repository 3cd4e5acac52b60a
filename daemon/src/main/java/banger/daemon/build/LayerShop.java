package banger.daemon.build;

import banger.daemon.disk.Ext4;
import banger.daemon.disk.VmDisks;
import banger.daemon.ext4.Entry;
import banger.daemon.ext4.Ext4Volume;
import banger.daemon.ext4.HomeTree;
import banger.daemon.ext4.LayerWriter;
import banger.daemon.ext4.Overlay;
import banger.daemon.ext4.Tree;
import banger.daemon.image.Bootstrap;
import banger.daemon.image.CachedStep;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.Layer;
import banger.daemon.image.StepCache;
import banger.daemon.image.WorkSeed;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Scratch;
import banger.daemon.os.Sha256;
import banger.daemon.os.SparseDigest;
import banger.daemon.seed.WorkSeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the layers and work seeds of builds, and finds those that were made before. */
final class LayerShop {
    private static final String LABEL = "banger-layer";
    private static final String LAYER_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670005";
    private static final String SEED_UUID = "5d0b1f3e-8f0c-4d6e-9a57-62616e670002";

    private final HostPaths paths;
    private final ImageFiles files;
    private final StepCache cache;
    private final WorkSeeds seeds;

    LayerShop(HostPaths paths, ImageFiles files, StepCache cache, WorkSeeds seeds) {
        this.paths = paths;
        this.files = files;
        this.cache = cache;
        this.seeds = seeds;
    }

    /** What was made under the key, where its file is there. */
    Optional<Layer> find(String key) {
        return cache.find(key).filter(layer -> {
            try {
                return Files.size(paths.layer(layer.digest())) == layer.sizeBytes();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Writes the layer and keeps it under the key. @param what the step, for a person */
    Layer make(String key, String what, Entry content, Progress progress) throws IOException {
        try (Scratch scratch = Scratch.open(paths, "layer")) {
            Path made = scratch.folder().resolve("layer.ext4");
            LayerWriter.layer(content, made, LABEL, LAYER_UUID, scratch.folder(), progress);
            Layer layer = files.publishLayer(made, Sha256.of(made));
            cache.put(new CachedStep(key, what, layer, Instant.now()));
            return layer;
        }
    }

    /** The home of VMs of that image as a layer, upon which steps change it; it lets nobody in. Its seed is current. */
    Layer home(Image image, Progress progress) throws IOException {
        String key = StepKeys.ofHome(image.workSeed());
        Optional<Layer> found = find(key);
        if (found.isPresent()) {
            return found.get();
        }
        try (Scratch scratch = Scratch.open(paths, "home")) {
            Path copy = scratch.folder().resolve("seed.ext4");
            seeds.copyWithoutAccess(image, copy, scratch.folder());
            try (Ext4Volume seed = Ext4Volume.open(copy)) {
                return make(key, "the home of image " + image.name(), HomeTree.asLayer(seed), progress);
            }
        }
    }

    /** One layer in place of these, lowest first. */
    Layer merged(List<Layer> layers, Progress progress) throws IOException {
        if (layers.size() == 1) {
            return layers.getFirst();
        }
        String key = StepKeys.ofMerged(layers);
        Optional<Layer> found = find(key);
        if (found.isPresent()) {
            return found.get();
        }
        progress.stage("squash", "putting " + layers.size() + " layers into one");
        try (var open = new OpenLayers(paths)) {
            return make(key, layers.size() + " layers in one", Overlay.merge(open.trees(layers)), progress);
        }
    }

    /** All layers of an image, at most as many as one may have: those of steps become one where they are too many. */
    List<Layer> fit(List<Layer> base, List<Layer> steps, Progress progress) throws IOException {
        List<Layer> all = new ArrayList<>(base);
        all.addAll(steps);
        if (all.size() <= Image.MAX_LAYERS) {
            return all;
        }
        // The lowest is the big one that other images share.
        int kept = base.size() < Image.MAX_LAYERS ? base.size() : 1;
        List<Layer> fitting = new ArrayList<>(all.subList(0, kept));
        fitting.add(merged(all.subList(kept, all.size()), progress));
        return fitting;
    }

    /** The work seed of an image of these layers: that of its base, where no step has touched the home. */
    WorkSeed seed(Image base, Layer baseHome, List<Layer> steps, Progress progress) throws IOException {
        try (var open = new OpenLayers(paths)) {
            List<Entry> homes = new ArrayList<>();
            for (Entry layer : open.trees(steps)) {
                if (HomeTree.isIn(layer)) {
                    homes.add(layer);
                }
            }
            if (homes.isEmpty()) {
                return base.seed();
            }
            homes.addFirst(open.tree(baseHome));
            Entry home = HomeTree.of(homes);
            return home == null ? base.seed() : makeSeed(home, progress);
        }
    }

    private WorkSeed makeSeed(Entry home, Progress progress) throws IOException {
        progress.stage("seed", "writing the work seed");
        try (Scratch scratch = Scratch.open(paths, "seed")) {
            Path made = scratch.folder().resolve("seed.ext4");
            Ext4 format = Ext4.writable("banger-work", SEED_UUID, VmDisks.MAX_BYTES, null);
            LayerWriter.disk(home, made, Bootstrap.SEED_BYTES, format, scratch.folder(), progress);
            String digest = SparseDigest.of(made);
            files.publishSeed(made, digest);
            return new WorkSeed(digest, "");
        }
    }

    /** Layers that are open for reading. */
    static final class OpenLayers implements AutoCloseable {
        private final HostPaths paths;
        private final List<Ext4Volume> open = new ArrayList<>();

        OpenLayers(HostPaths paths) {
            this.paths = paths;
        }

        Entry tree(Layer layer) throws IOException {
            open.add(Ext4Volume.open(paths.layer(layer.digest())));
            return Tree.read(open.getLast());
        }

        List<Entry> trees(List<Layer> layers) throws IOException {
            List<Entry> trees = new ArrayList<>();
            for (Layer layer : layers) {
                trees.add(tree(layer));
            }
            return trees;
        }

        @Override
        public void close() throws IOException {
            for (Ext4Volume each : open) {
                each.close();
            }
        }
    }
}
