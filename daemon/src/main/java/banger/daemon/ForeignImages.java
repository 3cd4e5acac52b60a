package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.exchange.ImagePull;
import banger.daemon.exchange.ImagePush;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageImport;
import banger.daemon.image.ImageStore;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.oci.Registries;
import banger.daemon.operation.Operations;
import banger.daemon.os.HostPaths;
import banger.daemon.rootfs.ImportLimits;
import banger.daemon.rpc.ExchangeHandlers;
import banger.daemon.rpc.ImportHandlers;
import banger.daemon.rpc.Router;
import banger.daemon.rpc.UnmanagedHandlers;
import banger.daemon.seed.WorkSeeds;
import banger.daemon.unmanaged.UnmanagedImages;

/** The part of the wiring by which images come from elsewhere, and go there. */
record ForeignImages(
        HostPaths paths,
        Config config,
        ImageStore images,
        KernelBundles kernels,
        ImageFiles files,
        WorkSeeds seeds,
        UnmanagedImages unmanaged,
        Operations operations) {
    void register(Router router) {
        var registries = new Registries(config.caCertificates());
        var limits =
                new ImportLimits(config.imports().maxBytes(), config.imports().maxEntries());
        var imports = new ImageImport(paths, images, kernels, files, registries, limits, seeds::current);
        var push = new ImagePush(paths, files, kernels, seeds, registries);
        var pull = new ImagePull(paths, images, files, kernels, registries, limits, seeds::current);
        new ImportHandlers(imports, operations).register(router);
        new ExchangeHandlers(images, push, pull, operations).register(router);
        new UnmanagedHandlers(unmanaged, images, operations, seeds::current).register(router);
    }
}
