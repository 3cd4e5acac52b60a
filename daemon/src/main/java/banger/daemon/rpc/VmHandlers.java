package banger.daemon.rpc;

import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import banger.daemon.vm.Creation;
import banger.daemon.vm.Creation.Way;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.NewVm;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmRequest;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import banger.daemon.vm.VmStatistics;
import banger.daemon.vm.VmStore;
import banger.daemon.workspace.Workspaces;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.SetVm;
import banger.wire.rpc.VmMessages.SilentVms;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.StopVm;
import banger.wire.rpc.VmMessages.VmList;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Answers calls about VMs. */
public final class VmHandlers {
    private static final int MAX_GRACE_SECONDS = 3600;

    private final VmStore store;
    private final ImageStore images;
    private final LiveVms live;
    private final Creation creation;
    private final Lifecycle lifecycle;
    private final NewVm newVm;
    private final VmStatistics statistics;
    private final Workspaces workspaces;
    private final Operations operations;
    private final HostPaths paths;
    private final Duration grace;
    private final UnaryOperator<String> kernelIds;
    private final GuestDefaults defaults;
    private final VmViews views;

    /** @param kernelIds the id of the kernel that a person means; throws where it cannot be used */
    public VmHandlers(
            VmStore store,
            ImageStore images,
            LiveVms live,
            Creation creation,
            Lifecycle lifecycle,
            NewVm newVm,
            VmStatistics statistics,
            Workspaces workspaces,
            Operations operations,
            HostPaths paths,
            Duration grace,
            UnaryOperator<String> kernelIds,
            GuestDefaults defaults) {
        this.defaults = defaults;
        this.store = store;
        this.images = images;
        this.live = live;
        this.creation = creation;
        this.lifecycle = lifecycle;
        this.newVm = newVm;
        this.statistics = statistics;
        this.workspaces = workspaces;
        this.operations = operations;
        this.paths = paths;
        this.grace = grace;
        this.kernelIds = kernelIds;
        views = new VmViews(images, live, statistics);
    }

    public void register(Router router) {
        router.on(Methods.VM_CREATE, this::create)
                .on(Methods.VM_LIST, nothing -> new VmList(views.of(store.list())))
                .on(Methods.VM_SHOW, ref -> views.detailed(store.resolve(ref.vm())))
                .on(Methods.VM_START, this::start)
                .on(Methods.VM_STOP, this::stop)
                .on(Methods.VM_RESTART, this::restart)
                .on(Methods.VM_KILL, this::kill)
                .on(Methods.VM_DELETE, this::delete)
                .on(Methods.VM_SET, this::set)
                .on(Methods.VM_STATS, ref -> views.stats(statistics.of(store.resolve(ref.vm()))))
                .on(Methods.VM_SILENT, nothing -> silent())
                .onStream(Methods.VM_LOGS, new LogsHandler(store, live, paths))
                .onStream(Methods.VM_EXEC, new ExecHandler(store, live, workspaces, defaults));
    }

    private SilentVms silent() {
        List<Vm> running = store.list().stream()
                .filter(vm -> vm.state() == VmState.RUNNING)
                .toList();
        return new SilentVms(
                running.size(),
                statistics.silent(running).stream().map(Vm::name).toList());
    }

    private OperationRef create(CreateVm call) {
        Vm vm = newVm.of(new VmRequest(
                call.name(),
                call.image(),
                call.vcpus(),
                call.memoryBytes(),
                call.diskBytes(),
                call.network(),
                views.ports(Objects.requireNonNullElse(call.publish(), List.of())),
                Boolean.TRUE.equals(call.autostart())));
        Way way = Boolean.TRUE.equals(call.cold()) ? Way.COLD : Way.FASTEST;
        boolean untilBooted = Boolean.TRUE.equals(call.untilBooted());
        return begin("vm.create", vm, progress -> {
            Vm made = creation.create(vm, way, progress);
            if (untilBooted) {
                creation.awaitInit(made, progress);
            }
        });
    }

    private OperationRef start(StartVm call) {
        Vm vm = store.resolve(call.vm());
        boolean cold = Boolean.TRUE.equals(call.cold());
        return begin("vm.start", vm, progress -> {
            if (cold) {
                lifecycle.startCold(vm, progress);
            } else {
                lifecycle.start(vm, progress);
            }
        });
    }

    private OperationRef stop(StopVm call) {
        Vm vm = store.resolve(call.vm());
        Duration bound = grace(call);
        return begin("vm.stop", vm, progress -> lifecycle.stop(vm, bound, progress));
    }

    private OperationRef restart(StopVm call) {
        Vm vm = store.resolve(call.vm());
        Duration bound = grace(call);
        return begin("vm.restart", vm, progress -> lifecycle.restart(vm, bound, progress));
    }

    private OperationRef kill(VmRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("vm.kill", vm, progress -> lifecycle.kill(vm));
    }

    private OperationRef delete(VmRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("vm.delete", vm, progress -> lifecycle.delete(vm, progress));
    }

    private VmView set(SetVm call) {
        Vm vm = store.resolve(call.vm());
        String kernel = call.kernel() == null || call.kernel().isEmpty() ? null : kernelIds.apply(call.kernel());
        return views.detailed(lifecycle.change(vm, before -> {
            VmSpec spec = call.kernel() == null ? before : before.withKernel(kernel);
            spec = call.autostart() == null ? spec : spec.withAutostart(call.autostart());
            if (call.publish() != null) {
                spec = spec.withPorts(views.ports(call.publish()));
                NewVm.checkPorts(spec);
            }
            return spec;
        }));
    }

    private OperationRef begin(String kind, Vm vm, Operations.Work work) {
        return new OperationRef(operations.begin(kind, vm.name(), work).id());
    }

    private Duration grace(StopVm call) {
        Integer seconds = call.graceSeconds();
        if (seconds == null) {
            return grace;
        }
        if (seconds < 0 || seconds > MAX_GRACE_SECONDS) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "a grace period of " + seconds + " s is out of range: expected 0 to " + MAX_GRACE_SECONDS);
        }
        return Duration.ofSeconds(seconds);
    }
}
