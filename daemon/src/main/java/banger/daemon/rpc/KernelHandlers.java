package banger.daemon.rpc;

import banger.daemon.image.Image;
import banger.daemon.image.ImageStore;
import banger.daemon.kernel.Kernel;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.kernel.KernelEntry;
import banger.daemon.kernel.KernelImport;
import banger.daemon.kernel.KernelOrigin;
import banger.daemon.kernel.KernelSource;
import banger.daemon.operation.Operations;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.KernelMessages.ImportKernel;
import banger.wire.rpc.KernelMessages.KernelList;
import banger.wire.rpc.KernelMessages.KernelRef;
import banger.wire.rpc.KernelMessages.KernelView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.OperationMessages.OperationRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers calls about kernels. */
public final class KernelHandlers {
    private final KernelBundles kernels;
    private final KernelImport imports;
    private final ImageStore images;
    private final VmStore vms;
    private final Operations operations;

    public KernelHandlers(
            KernelBundles kernels, KernelImport imports, ImageStore images, VmStore vms, Operations operations) {
        this.kernels = kernels;
        this.imports = imports;
        this.images = images;
        this.vms = vms;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(
                        Methods.KERNEL_LIST,
                        nothing -> new KernelList(
                                kernels.list().stream().map(this::view).toList()))
                .on(Methods.KERNEL_SHOW, ref -> view(kernels.resolve(ref.kernel())))
                .on(Methods.KERNEL_IMPORT, this::importKernel)
                .on(Methods.KERNEL_DEFAULT, ref -> {
                    kernels.chooseDefault(kernels.resolve(ref.kernel()).id());
                    return new Nothing();
                })
                .on(Methods.KERNEL_DELETE, this::delete);
    }

    private OperationRef importKernel(ImportKernel call) {
        KernelSource source = source(call);
        String subject = Objects.requireNonNullElse(call.name(), "kernel");
        return new OperationRef(operations
                .begin("kernel.import", subject, progress -> {
                    Kernel made = imports.run(source, call.name(), call.sha256(), progress);
                    progress.stage("result", made.id());
                })
                .id());
    }

    private static KernelSource source(ImportKernel call) {
        long given = Stream.of(call.deb(), call.xbps(), call.vmlinux())
                .filter(Objects::nonNull)
                .count();
        if (given != 1 || (call.vmlinux() == null) != (call.modules() == null)) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "a kernel comes from one of: a deb, an xbps, a vmlinux with its modules",
                    "banger kernel import --help");
        }
        if (call.deb() != null) {
            return new KernelSource.Deb(path(call.deb()));
        }
        return call.xbps() != null
                ? new KernelSource.Xbps(path(call.xbps()))
                : new KernelSource.Files(path(call.vmlinux()), path(call.modules()));
    }

    private static Path path(@Nullable String text) {
        if (text == null || !text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new Problem(Problem.Kind.INVALID_ARGUMENT, "\"" + text + "\" is no path that begins with /");
        }
        return Path.of(text);
    }

    private Nothing delete(KernelRef call) {
        String id = kernels.resolve(call.kernel()).id();
        kernels.delete(id, () -> refuseUsed(id));
        return new Nothing();
    }

    private void refuseUsed(String id) {
        List<String> users = Stream.concat(
                        imagesOf(id).stream().map(name -> "image " + name),
                        vmsOf(id).stream().map(name -> "vm " + name))
                .toList();
        if (!users.isEmpty()) {
            throw new Problem(
                    Problem.Kind.WRONG_STATE,
                    "the kernel " + id + " is used by " + String.join(", ", users),
                    "banger kernel show " + id);
        }
    }

    private KernelView view(KernelEntry entry) {
        String id = entry.id();
        return switch (entry) {
            case KernelEntry.Usable(Kernel kernel) -> {
                KernelOrigin origin = kernels.origin(kernel);
                yield new KernelView(
                        id,
                        kernel.version(),
                        origin.packageVersion(),
                        origin.source(),
                        origin.digest(),
                        origin.madeAt().toString(),
                        origin.diskBytes(),
                        id.equals(kernels.defaultId()),
                        imagesOf(id),
                        vmsOf(id),
                        null);
            }
            case KernelEntry.Broken(String ignored, String reason) ->
                new KernelView(id, "", "", "", "", "", 0, false, imagesOf(id), vmsOf(id), reason);
        };
    }

    private List<String> imagesOf(String kernel) {
        return images.list().stream()
                .filter(image -> image.kernel().equals(kernel))
                .map(Image::name)
                .toList();
    }

    private List<String> vmsOf(String kernel) {
        return vms.list().stream()
                .filter(vm -> kernel.equals(vm.spec().kernel()))
                .map(Vm::name)
                .toList();
    }
}
