package banger.daemon.rpc;

import banger.daemon.image.Image;
import banger.daemon.image.ImageInventory;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.UnusedFile;
import banger.daemon.image.UserFiles;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.ImageMessages.HistoryView;
import banger.wire.rpc.ImageMessages.ImageHistory;
import banger.wire.rpc.ImageMessages.ImageView;
import banger.wire.rpc.ImageMessages.LayerView;
import banger.wire.rpc.ImageMessages.Pruned;
import banger.wire.rpc.ImageMessages.PrunedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Images as clients see them. */
final class ImageViews {
    private final VmStore vms;
    private final ImageInventory inventory;
    private final ToLongFunction<String> layerDiskBytes;

    ImageViews(VmStore vms, ImageInventory inventory, ToLongFunction<String> layerDiskBytes) {
        this.vms = vms;
        this.inventory = inventory;
        this.layerDiskBytes = layerDiskBytes;
    }

    ImageView of(Image image) {
        List<LayerView> layers = image.layers().stream()
                .map(layer ->
                        new LayerView(layer.digest(), layer.sizeBytes(), layerDiskBytes.applyAsLong(layer.digest())))
                .toList();
        ImageInventory.Size size = inventory.sizeOf(image);
        List<String> users = vms.list().stream()
                .filter(vm -> vm.imageId().equals(image.id()))
                .map(Vm::name)
                .toList();
        PackageManifest packages = image.provenance().packages();
        return new ImageView(
                image.id().toString(),
                image.name(),
                image.createdAt().toString(),
                image.isManaged(),
                files(image.userFiles()),
                layers,
                image.kernel(),
                image.workSeed(),
                image.readiness(),
                image.profile().environment().entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList(),
                image.profile().user(),
                image.profile().folder(),
                image.profile().entrypoint(),
                image.profile().ports(),
                image.provenance().recipe(),
                packages == null ? null : packages.count(),
                packages == null ? null : packages.digest(),
                size.shared() + size.own(),
                size.shared(),
                size.own(),
                users.size(),
                users,
                inventory.fault(image).orElse(null));
    }

    ImageHistory history(Image image) {
        Set<String> own = image.layers().stream().map(Layer::digest).collect(Collectors.toSet());
        return new ImageHistory(image.provenance().history().stream()
                .map(entry -> new HistoryView(
                        entry.at().toString(),
                        entry.what(),
                        entry.layer(),
                        own.contains(entry.layer()) ? layerDiskBytes.applyAsLong(entry.layer()) : 0))
                .toList());
    }

    static Pruned pruned(List<UnusedFile> files) {
        return new Pruned(
                files.stream()
                        .map(file -> new PrunedFile(file.what(), file.file().toString(), file.bytes()))
                        .toList(),
                files.stream().mapToLong(UnusedFile::bytes).sum());
    }

    private static List<String> files(@Nullable UserFiles files) {
        return files == null
                ? List.of()
                : Stream.of(files.rootfs(), files.kernel(), files.initrd(), files.modules(), files.workSeed())
                        .filter(Objects::nonNull)
                        .map(Path::toString)
                        .toList();
    }
}
