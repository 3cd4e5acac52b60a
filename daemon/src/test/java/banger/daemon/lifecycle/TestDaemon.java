package banger.daemon.lifecycle;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.operation.Operations;
import banger.daemon.os.HostBoot;
import banger.daemon.os.HostPaths;
import banger.daemon.os.SocketAccess;
import banger.daemon.rpc.FreezeHandlers;
import banger.daemon.rpc.GuestDefaults;
import banger.daemon.rpc.OperationHandlers;
import banger.daemon.rpc.Router;
import banger.daemon.rpc.RpcServer;
import banger.daemon.rpc.VmHandlers;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.Autostart;
import banger.daemon.vm.Creation;
import banger.daemon.vm.Forks;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.IdleSuspension;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.NameGenerator;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.NewVm;
import banger.daemon.vm.NoTemplates;
import banger.daemon.vm.Reconciliation;
import banger.daemon.vm.Snapshots;
import banger.daemon.vm.Suspension;
import banger.daemon.vm.Templates;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmRequest;
import banger.daemon.vm.VmStatistics;
import banger.daemon.vm.Vms;
import banger.daemon.vm.WarmPool;
import banger.daemon.workspace.AgentGuest;
import banger.daemon.workspace.Workspaces;
import banger.wire.rpc.Methods;
import banger.wire.rpc.Nothing;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.StopVm;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** The daemon as {@code Main} wires it, but for a fake driver and fake files; it can end and start again. */
final class TestDaemon implements AutoCloseable {
    final HostPaths paths;
    final FakeDriver driver;
    final FakeVmFiles files;
    volatile Templates templates = new NoTemplates();
    volatile GuestSetup.Files guestFiles = vm -> List.of();
    volatile String bootId = "boot";
    volatile int poolSize;
    volatile long availableBytes = 64L << 30;
    SqliteVmStore vms;
    WarmPool pool;
    Client client;

    private Vms all;
    private Suspension suspension;
    private Autostart autostart;
    private Database database;
    private RpcServer server;

    TestDaemon(Path folder) {
        paths = new HostPaths(
                folder.resolve("c"),
                folder.resolve("s"),
                folder.resolve("d"),
                folder.resolve("h"),
                folder.resolve("r"));
        paths.prepare();
        driver = new FakeDriver(folder);
        files = new FakeVmFiles(paths);
        start();
    }

    private void start() {
        database = Database.open(paths.database());
        vms = new SqliteVmStore(database);
        var images = new SqliteImageStore(database);
        if (images.findByName("debian").isEmpty()) {
            images.put(image());
        }
        var live = new LiveVms();
        all = new Vms(vms, images, files, driver, new GuestSetup(vm -> guestFiles.forGuest(vm)), live);
        suspension = new Suspension(all);
        live.beforeSession(suspension::wake);
        var lifecycle = new Lifecycle(all, suspension);
        var operations = new Operations();
        var names = new NameGenerator(new Random(1), vms);
        var newVm = new NewVm(
                vms, images, names::next, new NewVm.Defaults("debian", 1, 1L << 30, 1L << 30, NetworkMode.USER));
        var like = new VmRequest(null, null, null, null, null, null, List.of(), false);
        pool = new WarmPool(
                all,
                templates,
                () -> newVm.of(like),
                new WarmPool.Bounds(poolSize, 1L << 30),
                new WarmPool.Pace(Duration.ofMillis(5), Duration.ZERO, Duration.ZERO),
                () -> operations.running() > 0,
                () -> availableBytes);
        var creation = new Creation(all, templates, pool);
        var router = new Router();
        new VmHandlers(
                        vms,
                        images,
                        live,
                        creation,
                        lifecycle,
                        newVm,
                        new VmStatistics(live, files),
                        new Workspaces(
                                vms,
                                paths,
                                vm -> new AgentGuest("vm " + vm.name(), live.session(vm), () -> !vms.runs(vm.id()))),
                        operations,
                        paths,
                        Duration.ofSeconds(60),
                        kernel -> kernel,
                        GuestDefaults.of(images, vm -> Map.of()))
                .register(router);
        new OperationHandlers(operations).register(router);
        new FreezeHandlers(vms, suspension, new Forks(all, creation), new Snapshots(all), names::next, operations)
                .register(router);
        new Reconciliation(all).run();
        autostart = new Autostart(vms, lifecycle, new HostBoot(paths.lastBoot(), bootId));
        autostart.begin(operations);
        pool.start();
        server = RpcServer.listen(paths.socket(), router, SocketAccess.OWNER);
        Thread.ofVirtual().name("rpc-accept").start(server::serve);
        client = new Client(paths.socket());
    }

    /** Another daemon on the same store and the same machines. */
    void restart() {
        close();
        start();
    }

    /** The host loses its power and starts again, and a daemon with it. */
    void reboot() {
        close();
        driver.alive().forEach(FakeGuest::end);
        bootId += "+";
        start();
    }

    /** Suspends idle VMs from here on, until it is closed. */
    IdleSuspension suspendIdle(Duration after) {
        var idle = new IdleSuspension(all, suspension, after);
        idle.start();
        return idle;
    }

    /** The daemon is killed at that moment of the work, and another takes its place. */
    void killedAt(Crash.Moment moment, Runnable work) {
        driver.crash.dieAt(moment, () -> {
            server.close();
            driver.abandonAll();
            database.close();
        });
        try {
            work.run();
        } catch (Client.Refused | UncheckedIOException | IllegalStateException e) {
            // Its client is told by the connection's end, if at all.
        }
        client.close();
        start();
    }

    @Override
    public void close() {
        autostart.close();
        client.close();
        server.close();
        driver.abandonAll();
        database.close();
    }

    VmView create(String name) {
        client.done(Methods.VM_CREATE, request(name));
        return show(name);
    }

    static CreateVm request(String name) {
        return new CreateVm(name, null, null, null, null, null, List.of(), null, null, null);
    }

    VmView show(String vm) {
        return client.call(Methods.VM_SHOW, new VmRef(vm));
    }

    void stop(String vm, int graceSeconds) {
        client.done(Methods.VM_STOP, new StopVm(vm, graceSeconds));
    }

    List<String> states() {
        return client.call(Methods.VM_LIST, new Nothing()).vms().stream()
                .map(vm -> vm.name() + " " + vm.state())
                .toList();
    }

    FakeGuest machine(String vm) {
        return driver.of(UUID.fromString(show(vm).id()));
    }

    /** The row as it is in the database. */
    Vm row(String name) {
        return vms.findByName(name).orElseThrow();
    }

    /** The folders of VMs that there are. */
    List<Path> folders() throws IOException {
        Path all = paths.vm("x").getParent();
        if (!Files.exists(all)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.toList();
        }
    }

    private static Image image() {
        return new Image(
                UUID.randomUUID(),
                "debian",
                List.of(new Layer("ab".repeat(32), 4096)),
                "kernel",
                new WorkSeed("ef".repeat(32), "f1"),
                new GuestProfile(List.of("agent"), Map.of(), "", "", List.of(), List.of()),
                new Provenance("test", List.of(), new PackageManifest(0, "")),
                null,
                null,
                Instant.now());
    }
}
