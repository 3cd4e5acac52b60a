package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.files.VmFolders;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageInventory;
import banger.daemon.image.ImageStore;
import banger.daemon.image.StepCache;
import banger.daemon.kernel.BootSets;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.seed.WorkSeeds;
import banger.daemon.ssh.UserKey;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteStepCache;
import banger.daemon.unmanaged.UnmanagedImages;
import banger.daemon.vm.VmStore;

/** The part of the wiring that keeps images and kernels; each field knows only those above it. */
final class ImageParts {
    final HostPaths paths;
    final ImageStore images;
    final StepCache steps;
    final KernelBundles kernels;
    final ImageFiles files;
    final ImageInventory inventory;
    final UserKey key;
    final WorkSeeds seeds;
    final UnmanagedImages unmanaged;

    ImageParts(HostPaths paths, Config config, Database database, VmStore vms) {
        this.paths = paths;
        images = new SqliteImageStore(database);
        steps = new SqliteStepCache(database);
        kernels = new KernelBundles(paths, Distribution.agent());
        files = new ImageFiles(paths, kernels);
        inventory = new ImageInventory(paths, images, steps, files, new VmFolders(paths, vms));
        key = new UserKey(paths.sshKey(), config.sshKeyPath());
        seeds = new WorkSeeds(paths, images, files, key::publicKey);
        unmanaged = new UnmanagedImages(paths, images, files, new BootSets(paths, kernels), seeds);
    }

    /** The image as it is to be booted now. */
    Image current(Image image, Progress progress) {
        return seeds.current(unmanaged.current(image, progress), progress);
    }

    /** @param reference a kernel's id, or what it may be called by */
    String kernelId(String reference) {
        return kernels.load(kernels.resolve(reference).id()).id();
    }
}
