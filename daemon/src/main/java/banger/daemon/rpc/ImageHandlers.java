package banger.daemon.rpc;

import banger.daemon.image.Bootstrap;
import banger.daemon.image.Image;
import banger.daemon.image.ImageInventory;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.ImageMessages.BootstrapImage;
import banger.wire.rpc.ImageMessages.ImageDeleted;
import banger.wire.rpc.ImageMessages.ImageList;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.ImageMessages.PruneImages;
import banger.wire.rpc.ImageMessages.Pruned;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Answers calls about images. */
public final class ImageHandlers {
    private final ImageStore images;
    private final ImageInventory inventory;
    private final Operations operations;
    private final Consumer<UUID> beforeDelete;
    private final Bootstrap bootstrap;
    private final ImageViews views;

    /** @param layerDiskBytes what the layer of that digest takes on disk */
    /** @param beforeDelete lets go of what uses an image for nobody */
    public ImageHandlers(
            ImageStore images,
            ImageInventory inventory,
            VmStore vms,
            Operations operations,
            Bootstrap bootstrap,
            ToLongFunction<String> layerDiskBytes,
            Consumer<UUID> beforeDelete) {
        this.beforeDelete = beforeDelete;
        this.images = images;
        this.inventory = inventory;
        this.operations = operations;
        this.bootstrap = bootstrap;
        views = new ImageViews(vms, inventory, layerDiskBytes);
    }

    public void register(Router router) {
        router.on(
                        Methods.IMAGE_LIST,
                        nothing -> new ImageList(
                                images.list().stream().map(views::of).toList()))
                .on(Methods.IMAGE_SHOW, ref -> views.of(images.resolve(ref.image())))
                .on(Methods.IMAGE_HISTORY, ref -> views.history(images.resolve(ref.image())))
                .on(Methods.IMAGE_DELETE, this::delete)
                .on(Methods.IMAGE_PRUNE, this::prune)
                .on(Methods.IMAGE_BOOTSTRAP, this::bootstrap);
    }

    private ImageDeleted delete(ImageRef call) {
        Image image = images.resolve(call.image());
        beforeDelete.accept(image.id());
        return new ImageDeleted(image.name(), inventory.delete(image));
    }

    private Pruned prune(PruneImages call) {
        return ImageViews.pruned(call.pretend() ? inventory.prunable() : inventory.prune());
    }

    private OperationRef bootstrap(BootstrapImage call) {
        if (!call.name().equals(Bootstrap.IMAGE_NAME)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "there is no recipe for a base image named \"" + call.name() + "\": expected "
                            + Bootstrap.IMAGE_NAME,
                    "banger image bootstrap");
        }
        if (!call.force() && images.findByName(call.name()).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS,
                    "image " + call.name() + " exists already",
                    "banger image bootstrap --force makes it again");
        }
        return new OperationRef(
                operations.begin("image.bootstrap", call.name(), bootstrap::run).id());
    }
}
