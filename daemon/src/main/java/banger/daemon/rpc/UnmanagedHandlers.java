package banger.daemon.rpc;

import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.image.UserFiles;
import banger.daemon.operation.Operations;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import banger.daemon.unmanaged.UnmanagedImages;
import banger.wire.rpc.ImageMessages.ImageRef;
import banger.wire.rpc.ImageMessages.RegisterImage;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Answers calls about images that stand on files of the user's. */
public final class UnmanagedHandlers {
    private final UnmanagedImages unmanaged;
    private final ImageStore images;
    private final Operations operations;
    private final BiFunction<Image, Progress, Image> finish;

    /** @param finish what is done to an image once it is recorded: its seed gets the user's SSH key */
    public UnmanagedHandlers(
            UnmanagedImages unmanaged,
            ImageStore images,
            Operations operations,
            BiFunction<Image, Progress, Image> finish) {
        this.unmanaged = unmanaged;
        this.images = images;
        this.operations = operations;
        this.finish = finish;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_REGISTER, this::register).on(Methods.IMAGE_PROMOTE, this::promote);
    }

    private OperationRef register(RegisterImage call) {
        UserFiles files = new UserFiles(
                absolute(call.rootfs()),
                absolute(call.kernel()),
                optional(call.initrd()),
                optional(call.modules()),
                optional(call.workSeed()));
        unmanaged.check(call.name(), files);
        return begin(
                "image.register",
                call.name(),
                progress -> finish.apply(unmanaged.register(call.name(), files, progress), progress));
    }

    private OperationRef promote(ImageRef call) {
        Image image = images.resolve(call.image());
        if (image.isManaged()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "image " + image.name() + " is managed already",
                    "banger image show " + image.name());
        }
        return begin(
                "image.promote", image.name(), progress -> finish.apply(unmanaged.promote(image, progress), progress));
    }

    private OperationRef begin(String kind, String name, Operations.Work work) {
        return new OperationRef(operations.begin(kind, name, work).id());
    }

    private static @Nullable Path optional(@Nullable String text) {
        return text == null ? null : absolute(text);
    }

    private static Path absolute(String text) {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + text + "\" is no path that begins with /");
        }
        return Path.of(text);
    }
}
