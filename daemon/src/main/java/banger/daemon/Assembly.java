package banger.daemon;

import banger.daemon.build.Commit;
import banger.daemon.build.ImageBuild;
import banger.daemon.build.LayerDiff;
import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.config.RecipeFile;
import banger.daemon.exchange.ImagePull;
import banger.daemon.exchange.ImagePush;
import banger.daemon.image.Bootstrap;
import banger.daemon.image.ImageImport;
import banger.daemon.kernel.KernelImport;
import banger.daemon.network.Answers;
import banger.daemon.network.HostResolvers;
import banger.daemon.network.NameServer;
import banger.daemon.oci.Registries;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostBoot;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Scratch;
import banger.daemon.os.SocketAccess;
import banger.daemon.rootfs.ImportLimits;
import banger.daemon.rpc.BuildHandlers;
import banger.daemon.rpc.DaemonHandlers;
import banger.daemon.rpc.ExchangeHandlers;
import banger.daemon.rpc.FreezeHandlers;
import banger.daemon.rpc.GuestDefaults;
import banger.daemon.rpc.ImageHandlers;
import banger.daemon.rpc.ImportHandlers;
import banger.daemon.rpc.KernelHandlers;
import banger.daemon.rpc.LayerHandlers;
import banger.daemon.rpc.NetworkHandlers;
import banger.daemon.rpc.OperationHandlers;
import banger.daemon.rpc.PoolHandlers;
import banger.daemon.rpc.Router;
import banger.daemon.rpc.RpcServer;
import banger.daemon.rpc.SshHandlers;
import banger.daemon.rpc.TemplateHandlers;
import banger.daemon.rpc.UnmanagedHandlers;
import banger.daemon.rpc.VmHandlers;
import banger.daemon.rpc.WorkspaceHandlers;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.Autostart;
import banger.daemon.vm.Forks;
import banger.daemon.vm.IdleSuspension;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Reconciliation;
import banger.daemon.vm.Snapshots;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmLogs;
import banger.daemon.vm.VmStatistics;
import banger.daemon.vm.VmStore;
import banger.daemon.workspace.AgentGuest;
import banger.daemon.workspace.Workspaces;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The daemon put together: who answers what, and in which order it all begins. */
final class Assembly {
    private final HostPaths paths;
    private final Config config;
    private final ImageParts images;
    private final VmParts vms;
    private final ImageBuild builds;
    private final Router router = new Router();

    /**
     * @param kvm whether KVM works on this host
     * @param stop what ends the daemon
     */
    Assembly(HostPaths paths, Config config, Database database, Supplier<Kvm> kvm, Runnable stop) {
        this.paths = paths;
        this.config = config;
        var store = new SqliteVmStore(database);
        images = new ImageParts(paths, config, database, store);
        vms = new VmParts(paths, config, database, store, images, kvm);
        builds = builds();
        var workspaces = new Workspaces(
                vms.store,
                paths,
                vm -> new AgentGuest("vm " + vm.name(), vms.live.session(vm), () -> !vms.store.runs(vm.id())));
        answerForVms(workspaces);
        answerForImages();
        answerForForeignImages();
        new SshHandlers(vms.store, vms.live, vms.ssh, paths, vms.operations, workspaces).register(router);
        new NetworkHandlers(vms.store, vms.network).register(router);
        new OperationHandlers(vms.operations).register(router);
        Runnable check = () -> ConfigFile.load(paths.configFile(), config.caCertificates());
        new DaemonHandlers(vms.store, vms.live, vms.operations, vms.driver, paths, check, stop).register(router);
    }

    private ImageBuild builds() {
        var shape = config.builds();
        var limits = ImageBuild.Limits.of(shape.vcpus(), shape.memoryBytes(), shape.diskBytes(), shape.stepBound());
        return new ImageBuild(
                paths,
                images.images,
                images.files,
                images.steps,
                images.seeds,
                vms.files,
                vms.driver,
                vms.plainSetup,
                vms.host::variables,
                limits);
    }

    private void answerForVms(Workspaces workspaces) {
        new VmHandlers(
                        vms.store,
                        images.images,
                        vms.live,
                        vms.creation,
                        vms.lifecycle,
                        vms.newVm,
                        new VmStatistics(vms.live, vms.files),
                        workspaces,
                        vms.operations,
                        paths,
                        config.stopGrace(),
                        images::kernelId,
                        GuestDefaults.of(images.images, vms.host::variables))
                .register(router);
        new PoolHandlers(vms.pool, images.images, vms.live, new VmStatistics(vms.live, vms.files)).register(router);
        new FreezeHandlers(
                        vms.store,
                        vms.suspension,
                        new Forks(vms.all, vms.creation),
                        new Snapshots(vms.all),
                        vms.names::next,
                        vms.operations)
                .register(router);
        new TemplateHandlers(vms.templates, vms.templateMaker, images.images, vms.newVm, vms.operations)
                .register(router);
        new WorkspaceHandlers(vms.store, workspaces, vms.operations).register(router);
    }

    private void answerForImages() {
        var bootstrap = new Bootstrap(paths, images.images, images.kernels, images.files, images.seeds::ofRecorded);
        new ImageHandlers(
                        images.images,
                        images.inventory,
                        vms.store,
                        vms.operations,
                        bootstrap,
                        digest -> DiskUsage.of(paths.layer(digest)),
                        vms.pool::giveBack)
                .register(router);
        var commit = new Commit(paths, images.images, images.files);
        new LayerHandlers(images.images, vms.store, vms.lifecycle, vms.operations, commit, new LayerDiff(paths))
                .register(router);
        new BuildHandlers(builds, RecipeFile::read, vms.operations).register(router);
        var kernelImport = new KernelImport(paths, images.kernels);
        new KernelHandlers(images.kernels, kernelImport, images.images, vms.store, vms.operations).register(router);
    }

    /** Of images that come from elsewhere, or go there. */
    private void answerForForeignImages() {
        var registries = new Registries(config.caCertificates());
        var limits =
                new ImportLimits(config.imports().maxBytes(), config.imports().maxEntries());
        var imports = new ImageImport(
                paths, images.images, images.kernels, images.files, registries, limits, images.seeds::ofRecorded);
        var push = new ImagePush(paths, images.files, images.kernels, images.seeds, registries);
        var pull = new ImagePull(
                paths, images.images, images.files, images.kernels, registries, limits, images.seeds::ofRecorded);
        new ImportHandlers(imports, vms.operations).register(router);
        new ExchangeHandlers(images.images, push, pull, vms.operations).register(router);
        new UnmanagedHandlers(images.unmanaged, images.images, vms.operations, images.seeds::ofRecorded)
                .register(router);
    }

    /** Clears what an earlier daemon left, takes the VMs over, and answers until the daemon is to end. */
    void serve(SocketAccess access, Consumer<RpcServer> untilStopped) {
        vms.templateMaker.sweep();
        builds.sweep();
        Scratch.sweep(paths);
        images.inventory.sweep();
        new Reconciliation(vms.all).run();
        beginNetwork();
        new VmLogs(vms.live, id -> paths.vmLogs(id.toString()), config.consoleLogBytes()).start();
        vms.background.start();
        vms.pool.start();
        if (config.suspendAfter() != null) {
            new IdleSuspension(vms.all, vms.suspension, config.suspendAfter()).start();
        }
        var autostart = new Autostart(vms.store, vms.lifecycle, HostBoot.now(paths.lastBoot()));
        autostart.begin(vms.operations);
        try (var network = vms.network;
                var background = vms.background;
                var pool = vms.pool;
                autostart;
                RpcServer server = RpcServer.listen(paths.socket(), router, access)) {
            untilStopped.accept(server);
        }
    }

    private void beginNetwork() {
        VmStore store = vms.store;
        boolean wanted = config.defaults().network() == NetworkMode.BRIDGE
                || store.list().stream().anyMatch(vm -> vm.spec().network() == NetworkMode.BRIDGE);
        var answers = new Answers(
                name -> store.findByName(name).map(vm -> vms.network.addresses(vm.id())), HostResolvers::now);
        vms.network.begin(
                store.list().stream().map(Vm::id).collect(Collectors.toSet()), wanted, new NameServer(answers));
    }
}
