package banger.daemon.rpc;

import banger.daemon.image.ImageStore;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.VmStatistics;
import banger.daemon.vm.WarmPool;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.VmList;

/** Answers calls about the VMs that are kept restored. */
public final class PoolHandlers {
    private final WarmPool pool;
    private final VmViews views;

    public PoolHandlers(WarmPool pool, ImageStore images, LiveVms live, VmStatistics statistics) {
        this.pool = pool;
        views = new VmViews(images, live, statistics);
    }

    public void register(Router router) {
        router.on(Methods.VM_POOL, nothing -> new VmList(views.of(pool.ready())));
    }
}
