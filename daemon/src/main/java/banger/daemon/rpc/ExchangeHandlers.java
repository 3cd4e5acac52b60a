package banger.daemon.rpc;

import banger.daemon.exchange.ImagePull;
import banger.daemon.exchange.ImagePush;
import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.wire.rpc.ImageMessages.PullImage;
import banger.wire.rpc.ImageMessages.PushImage;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;

/** Answers calls that send images to registries and get them from there. */
public final class ExchangeHandlers {
    private final ImageStore images;
    private final ImagePush push;
    private final ImagePull pull;
    private final Operations operations;

    public ExchangeHandlers(ImageStore images, ImagePush push, ImagePull pull, Operations operations) {
        this.images = images;
        this.push = push;
        this.pull = pull;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_PUSH, this::push).on(Methods.IMAGE_PULL, this::pull);
    }

    private OperationRef push(PushImage call) {
        Image image = images.resolve(call.image());
        push.check(image, call.reference());
        return begin("image.push", image.name(), progress -> push.run(image, call.reference(), progress));
    }

    private OperationRef pull(PullImage call) {
        pull.check(call.reference(), call.name());
        return begin("image.pull", call.name(), progress -> pull.run(call.reference(), call.name(), progress));
    }

    private OperationRef begin(String kind, String name, Operations.Work work) {
        return new OperationRef(operations.begin(kind, name, work).id());
    }
}
