package banger.daemon.rpc;

import banger.daemon.image.ImageImport;
import banger.daemon.image.ImageSource;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.wire.rpc.ImageMessages.ImportImage;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.nio.file.Path;

/** Answers calls about images that come from elsewhere. */
public final class ImportHandlers {
    private final ImageImport imports;
    private final Operations operations;

    public ImportHandlers(ImageImport imports, Operations operations) {
        this.imports = imports;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_IMPORT, this::importImage);
    }

    private OperationRef importImage(ImportImage call) {
        if ((call.path() == null) == (call.reference() == null)) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "an image is imported from either a path or a reference");
        }
        ImageSource source = call.path() == null
                ? new ImageSource.InRegistry(String.valueOf(call.reference()))
                : new ImageSource.OnDisk(absolute(call.path()));
        var request = new ImageImport.Request(source, call.name(), call.kernel());
        imports.check(request);
        return new OperationRef(operations
                .begin("image.import", call.name(), progress -> imports.run(request, progress))
                .id());
    }

    private static Path absolute(String text) {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + text + "\" is no path that begins with /");
        }
        return Path.of(text);
    }
}
