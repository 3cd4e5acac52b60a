package banger.daemon.rpc;

import banger.daemon.operation.Operations;
import banger.daemon.vm.Forks;
import banger.daemon.vm.Snapshots;
import banger.daemon.vm.Suspension;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmStore;
import banger.wire.rpc.FreezeMessages.ForkVm;
import banger.wire.rpc.FreezeMessages.SnapshotList;
import banger.wire.rpc.FreezeMessages.SnapshotRef;
import banger.wire.rpc.FreezeMessages.SnapshotView;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.VmMessages.VmRef;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers calls about suspended VMs, copies of VMs and snapshots. */
public final class FreezeHandlers {
    private final VmStore store;
    private final Suspension suspension;
    private final Forks forks;
    private final Snapshots snapshots;
    private final Supplier<String> names;
    private final Operations operations;

    /** @param names a name for a copy that was given none */
    public FreezeHandlers(
            VmStore store,
            Suspension suspension,
            Forks forks,
            Snapshots snapshots,
            Supplier<String> names,
            Operations operations) {
        this.store = store;
        this.suspension = suspension;
        this.forks = forks;
        this.snapshots = snapshots;
        this.names = names;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.VM_SUSPEND, this::suspend)
                .on(Methods.VM_RESUME, this::resume)
                .on(Methods.VM_FORK, this::fork)
                .on(Methods.SNAPSHOT_CREATE, this::create)
                .on(Methods.SNAPSHOT_LIST, this::list)
                .on(Methods.SNAPSHOT_RESTORE, this::restore)
                .on(Methods.SNAPSHOT_DELETE, this::delete);
    }

    private OperationRef suspend(VmRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("vm.suspend", vm, progress -> suspension.suspend(vm, progress));
    }

    private OperationRef resume(VmRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("vm.resume", vm, progress -> suspension.resume(vm, progress));
    }

    private OperationRef fork(ForkVm call) {
        Vm vm = store.resolve(call.vm());
        List<String> wanted = call.names();
        List<Vm> copies = forks.plan(vm, wanted == null || wanted.isEmpty() ? List.of(names.get()) : wanted);
        return begin("vm.fork", vm, progress -> {
            forks.fork(vm, copies, progress);
            progress.stage("result", copies.stream().map(Vm::name).collect(Collectors.joining(" ")));
        });
    }

    private OperationRef create(SnapshotRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("snapshot.create", vm, progress -> snapshots.create(vm, call.snapshot(), progress));
    }

    private SnapshotList list(VmRef call) {
        return new SnapshotList(snapshots.list(store.resolve(call.vm())).stream()
                .map(each -> new SnapshotView(
                        each.name(), each.running(), each.madeAt().toString(), each.usedBytes(), each.damage()))
                .toList());
    }

    private OperationRef restore(SnapshotRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("snapshot.restore", vm, progress -> snapshots.restore(vm, call.snapshot(), progress));
    }

    private OperationRef delete(SnapshotRef call) {
        Vm vm = store.resolve(call.vm());
        return begin("snapshot.delete", vm, progress -> snapshots.delete(vm, call.snapshot()));
    }

    private OperationRef begin(String kind, Vm vm, Operations.Work work) {
        return new OperationRef(operations.begin(kind, vm.name(), work).id());
    }
}
