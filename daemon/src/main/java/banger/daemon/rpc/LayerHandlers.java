package banger.daemon.rpc;

import banger.daemon.build.Commit;
import banger.daemon.build.LayerDiff;
import banger.daemon.image.Image;
import banger.daemon.image.ImageName;
import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.ImageMessages.CommitImage;
import banger.wire.rpc.ImageMessages.DiffImage;
import banger.wire.rpc.ImageMessages.ImageDiff;
import banger.wire.rpc.ImageMessages.LayerChange;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers calls about what layers hold, and makes new ones of VMs. */
public final class LayerHandlers {
    private static final int MOST_CHANGES = 10_000;
    /** Well below what a line of the protocol may have, whatever the paths need to be written in JSON. */
    private static final int MOST_CHARACTERS = 150_000;

    private static final int CHARACTERS_BESIDE_PATH = 32;

    private final ImageStore images;
    private final VmStore vms;
    private final Lifecycle lifecycle;
    private final Operations operations;
    private final Commit commit;
    private final LayerDiff diff;

    public LayerHandlers(
            ImageStore images, VmStore vms, Lifecycle lifecycle, Operations operations, Commit commit, LayerDiff diff) {
        this.images = images;
        this.vms = vms;
        this.lifecycle = lifecycle;
        this.operations = operations;
        this.commit = commit;
        this.diff = diff;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_COMMIT, this::commit).on(Methods.IMAGE_DIFF, this::diff);
    }

    private OperationRef commit(CommitImage call) {
        String name = ImageName.check(call.name());
        Vm vm = vms.resolve(call.vm());
        if (images.findByName(name).isPresent()) {
            throw new Problem(
                    Problem.Kind.ALREADY_EXISTS, "image " + name + " exists already", "banger image delete " + name);
        }
        return new OperationRef(operations
                .begin(
                        "image.commit",
                        name,
                        progress -> lifecycle.whileStopped(vm, stopped -> commit.run(stopped, name, progress)))
                .id());
    }

    private ImageDiff diff(DiffImage call) {
        Image image = images.resolve(call.image());
        int count = image.layers().size();
        int layer = call.layer() == null ? count : call.layer();
        if (layer < 1 || layer > count) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "image " + image.name() + " has no layer " + layer + ": it has " + count,
                    "banger image show " + image.name());
        }
        List<LayerChange> shown = new ArrayList<>();
        int characters = 0;
        List<LayerDiff.Change> all = diff.of(image, layer - 1, MOST_CHANGES);
        for (LayerDiff.Change each : all) {
            characters += each.path().length() + CHARACTERS_BESIDE_PATH;
            if (characters > MOST_CHARACTERS) {
                break;
            }
            shown.add(new LayerChange(each.kind().name().toLowerCase(Locale.ROOT), each.path()));
        }
        boolean more = shown.size() < all.size() || all.size() == MOST_CHANGES;
        return new ImageDiff(image.layers().get(layer - 1).digest(), shown, more);
    }
}
