package banger.daemon.rpc;

import banger.daemon.image.Bootstrap;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.ImageMessages.BootstrapImage;
import banger.wire.rpc.ImageMessages.ImageList;
import banger.wire.rpc.ImageMessages.ImageView;
import banger.wire.rpc.ImageMessages.LayerView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.util.List;
import java.util.function.ToLongFunction;

/** Answers calls about images. */
public final class ImageHandlers {
    private final ImageStore images;
    private final VmStore vms;
    private final Operations operations;
    private final Bootstrap bootstrap;
    private final ToLongFunction<String> layerDiskBytes;

    /** @param layerDiskBytes what the layer of that digest takes on disk */
    public ImageHandlers(
            ImageStore images,
            VmStore vms,
            Operations operations,
            Bootstrap bootstrap,
            ToLongFunction<String> layerDiskBytes) {
        this.images = images;
        this.vms = vms;
        this.operations = operations;
        this.bootstrap = bootstrap;
        this.layerDiskBytes = layerDiskBytes;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_LIST, nothing -> new ImageList(images.list().stream().map(this::view).toList()))
                .on(Methods.IMAGE_SHOW, ref -> view(images.resolve(ref.image())))
                .on(Methods.IMAGE_BOOTSTRAP, this::bootstrap);
    }

    private OperationRef bootstrap(BootstrapImage call) {
        if (!call.name().equals(Bootstrap.IMAGE_NAME)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "there is no recipe for a base image named \"" + call.name() + "\": expected " + Bootstrap.IMAGE_NAME,
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

    private ImageView view(Image image) {
        List<LayerView> layers = image.layers().stream()
                .map(layer -> new LayerView(
                        layer.digest(), layer.sizeBytes(), layerDiskBytes.applyAsLong(layer.digest())))
                .toList();
        return new ImageView(
                image.id().toString(),
                image.name(),
                image.createdAt().toString(),
                layers,
                image.kernel(),
                image.readiness(),
                layers.stream().mapToLong(LayerView::diskBytes).sum(),
                (int) vms.list().stream().filter(vm -> vm.imageId().equals(image.id())).count(),
                image.broken());
    }
}
