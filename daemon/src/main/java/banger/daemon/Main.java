package banger.daemon;

import banger.daemon.build.Commit;
import banger.daemon.build.ImageBuild;
import banger.daemon.build.LayerDiff;
import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.config.ConfigQuestion;
import banger.daemon.config.RecipeFile;
import banger.daemon.debian.AptSettings;
import banger.daemon.disk.VmDisks;
import banger.daemon.doctor.Doctor;
import banger.daemon.doctor.Leftovers;
import banger.daemon.doctor.Surroundings;
import banger.daemon.driver.ChosenDriver;
import banger.daemon.driver.ChosenDriver.Candidate;
import banger.daemon.driver.firecracker.FirecrackerDriver;
import banger.daemon.driver.firecracker.FirecrackerProbe;
import banger.daemon.driver.qemu.QemuDriver;
import banger.daemon.driver.qemu.QemuProbe;
import banger.daemon.files.StoredVmFiles;
import banger.daemon.host.HostEnvironment;
import banger.daemon.host.Logins;
import banger.daemon.image.Bootstrap;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.ImageInventory;
import banger.daemon.kernel.BootSets;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.kernel.KernelImport;
import banger.daemon.network.Answers;
import banger.daemon.network.BridgeGuest;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.BridgedDriver;
import banger.daemon.network.HostResolvers;
import banger.daemon.network.NameServer;
import banger.daemon.network.OwnerMark;
import banger.daemon.operation.Operations;
import banger.daemon.os.DaemonLock;
import banger.daemon.os.DaemonLog;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.Environment;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Scratch;
import banger.daemon.problem.Problem;
import banger.daemon.rpc.BuildHandlers;
import banger.daemon.rpc.DaemonHandlers;
import banger.daemon.rpc.FreezeHandlers;
import banger.daemon.rpc.GuestDefaults;
import banger.daemon.rpc.ImageHandlers;
import banger.daemon.rpc.KernelHandlers;
import banger.daemon.rpc.LayerHandlers;
import banger.daemon.rpc.NetworkHandlers;
import banger.daemon.rpc.OperationHandlers;
import banger.daemon.rpc.Router;
import banger.daemon.rpc.RpcServer;
import banger.daemon.rpc.SshHandlers;
import banger.daemon.rpc.TemplateHandlers;
import banger.daemon.rpc.VmHandlers;
import banger.daemon.rpc.WorkspaceHandlers;
import banger.daemon.seed.WorkSeeds;
import banger.daemon.ssh.SshAccess;
import banger.daemon.ssh.UserKey;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.state.SqliteStepCache;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.template.BackgroundTemplates;
import banger.daemon.template.StoredTemplates;
import banger.daemon.template.TemplateMaker;
import banger.daemon.unmanaged.UnmanagedImages;
import banger.daemon.vm.Creation;
import banger.daemon.vm.Forks;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.HostTrust;
import banger.daemon.vm.IdleSuspension;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.NameGenerator;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.NewVm;
import banger.daemon.vm.Reconciliation;
import banger.daemon.vm.Snapshots;
import banger.daemon.vm.Suspension;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmLogs;
import banger.daemon.vm.VmStatistics;
import banger.daemon.vm.VmStore;
import banger.daemon.vm.Vms;
import banger.daemon.workspace.AgentGuest;
import banger.daemon.workspace.Workspaces;
import banger.wire.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** {@code bangerd}: puts the daemon together and serves until it is told to stop. */
public final class Main {
    private static final System.Logger LOG = System.getLogger(Main.class.getName());
    private static final int EXIT_FAILURE = 1;
    private static final int EXIT_USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        try {
            System.exit(run(List.of(args)));
        } catch (Problem e) {
            System.err.println("bangerd: " + e.getMessage());
            if (e.hint() != null) {
                System.err.println("  try: " + e.hint());
            }
            System.exit(EXIT_FAILURE);
        }
    }

    private static int run(List<String> args) {
        HostPaths paths = HostPaths.ofThisProcess();
        return switch (args.isEmpty() ? "serve" : args.getFirst()) {
            case "serve" -> serve(paths);
            case "doctor" -> doctor(paths, args.subList(1, args.size()));
            case "config" -> {
                var environment = Environment.ofThisProcess();
                System.out.print(ConfigQuestion.answer(args.subList(1, args.size()), paths.configFile(), environment));
                yield 0;
            }
            case "verify" -> Leftovers.of(paths).run(System.out);
            default -> {
                System.err.println("bangerd: unknown command \"" + args.getFirst() + "\"");
                System.err.println("  try: bangerd");
                yield EXIT_USAGE;
            }
        };
    }

    private static int doctor(HostPaths paths, List<String> options) {
        for (String option : options) {
            if (!option.equals("--json")) {
                System.err.println("bangerd doctor: unknown option \"" + option + "\"");
                System.err.println("  try: bangerd doctor --json");
                return EXIT_USAGE;
            }
        }
        var drivers = new Surroundings.Drivers(
                config -> driver(config, paths).fitness(),
                config -> firecracker(config).program(),
                config -> firecracker(config).jailer());
        var here = Surroundings.of(paths, Environment.ofThisProcess(), kvm(), drivers, agent());
        return Doctor.of(here).run(System.out, !options.isEmpty());
    }

    private static int serve(HostPaths paths) {
        Config config = ConfigFile.load(paths.configFile(), Environment.ofThisProcess());
        paths.prepare();
        try (DaemonLock lock = DaemonLock.take(paths.daemonLock());
                Database database = Database.open(paths.database())) {
            DaemonLog.open(paths.daemonLog());
            serve(paths, config, database);
            return 0;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    "cannot write " + paths.daemonLog() + ": " + e.getMessage(),
                    "banger doctor",
                    e);
        }
    }

    private static void serve(HostPaths paths, Config config, Database database) {
        var vms = new SqliteVmStore(database);
        var images = new SqliteImageStore(database);
        var kernels = new KernelBundles(paths, agent());
        var network = new BridgeNetwork(new SqliteNetworkStore(database), OwnerMark.of(paths), config.network());
        var driver = new BridgedDriver(driver(config, paths), network);
        var live = new LiveVms();
        var key = new UserKey(paths.sshKey(), config.sshKeyPath());
        var imageFiles = new ImageFiles(paths, kernels);
        var inventory = new ImageInventory(paths, images, new SqliteStepCache(database), imageFiles);
        var seeds = new WorkSeeds(paths, images, imageFiles, inventory, key::publicKey);
        var unmanaged = new UnmanagedImages(paths, images, imageFiles, new BootSets(paths, kernels));
        var files = new StoredVmFiles(
                paths,
                new VmDisks(paths),
                kernels,
                (image, progress) -> seeds.current(unmanaged.current(image, progress), progress));
        var ssh = new SshAccess(paths, vms::list, key, home().resolve("bin/banger"));
        var operations = new Operations();
        var trust = new HostTrust(config.caCertificates());
        var environment = Environment.ofThisProcess();
        var host = new HostEnvironment(config.caCertificates() != null, environment, new AptSettings()::lines);
        var logins = Logins.of(
                environment,
                config.credentials().opencode(),
                config.credentials().claude(),
                config.credentials().pi());
        var bridged = new BridgeGuest(network);
        var setup = new GuestSetup(trust, host, ssh, logins, bridged);
        var templates = new StoredTemplates(paths, kernels, driver, config.caCertificates());
        var templateMaker =
                new TemplateMaker(paths, templates, files, driver, new GuestSetup(trust, host, ssh, bridged));
        var background = new BackgroundTemplates(
                templates, templateMaker, config.automaticTemplates(), () -> operations.running() > 0);
        var all = new Vms(vms, images, files, driver, setup, live);
        var suspension = new Suspension(all);
        live.beforeSession(suspension::wake);
        var creation = new Creation(all, background);
        var lifecycle = new Lifecycle(all, suspension);
        var names = new NameGenerator(new SecureRandom(), vms);
        var defaults = new NewVm.Defaults(
                config.defaults().image(),
                config.defaults().vcpus(),
                config.defaults().memoryBytes(),
                config.defaults().diskBytes(),
                config.defaults().network());
        var newVm = new NewVm(vms, images, names::next, defaults);
        var statistics = new VmStatistics(live, files);
        var stopped = new CountDownLatch(1);
        var router = new Router();
        var workspaces = new Workspaces(vms, paths, vm -> new AgentGuest("vm " + vm.name(), live.session(vm)));
        new VmHandlers(
                        vms,
                        images,
                        live,
                        creation,
                        lifecycle,
                        newVm,
                        statistics,
                        workspaces,
                        operations,
                        paths,
                        config.stopGrace(),
                        reference ->
                                kernels.load(kernels.resolve(reference).id()).id(),
                        GuestDefaults.of(images, host::variables))
                .register(router);
        new FreezeHandlers(vms, suspension, new Forks(all, creation), new Snapshots(all), names::next, operations)
                .register(router);
        var bootstrap = new Bootstrap(paths, images, kernels, imageFiles, seeds::current);
        new ImageHandlers(images, inventory, vms, operations, bootstrap, digest -> DiskUsage.of(paths.layer(digest)))
                .register(router);
        new LayerHandlers(
                        images, vms, lifecycle, operations, new Commit(paths, images, imageFiles), new LayerDiff(paths))
                .register(router);
        var shape = config.builds();
        var limits = ImageBuild.Limits.of(shape.vcpus(), shape.memoryBytes(), shape.diskBytes(), shape.stepBound());
        var builds = new ImageBuild(
                paths,
                images,
                imageFiles,
                new SqliteStepCache(database),
                seeds,
                files,
                driver,
                new GuestSetup(trust, host),
                host::variables,
                limits);
        new BuildHandlers(builds, RecipeFile::read, operations).register(router);
        new SshHandlers(vms, live, ssh, paths, operations, workspaces).register(router);
        new WorkspaceHandlers(vms, workspaces, operations).register(router);
        new TemplateHandlers(templates, templateMaker, images, newVm, operations).register(router);
        new ForeignImages(paths, config, images, kernels, imageFiles, seeds, unmanaged, operations).register(router);
        new KernelHandlers(kernels, new KernelImport(paths, kernels), images, vms, operations).register(router);
        new NetworkHandlers(vms, network).register(router);
        new OperationHandlers(operations).register(router);
        new DaemonHandlers(vms, live, operations, driver, paths, stopped::countDown).register(router);

        templateMaker.sweep();
        builds.sweep();
        Scratch.sweep(paths);
        inventory.sweep();
        new Reconciliation(all).run();
        boolean wanted = config.defaults().network() == NetworkMode.BRIDGE
                || vms.list().stream().anyMatch(vm -> vm.spec().network() == NetworkMode.BRIDGE);
        network.begin(vms.list().stream().map(Vm::id).collect(Collectors.toSet()), wanted, names(vms, network));
        new VmLogs(live, id -> paths.vmLogs(id.toString()), config.consoleLogBytes()).start();
        background.start();
        if (config.suspendAfter() != null) {
            new IdleSuspension(all, suspension, config.suspendAfter()).start();
        }
        try (network;
                background;
                RpcServer server = RpcServer.listen(paths.socket(), router)) {
            serveUntil(stopped, server);
        }
    }

    private static NameServer names(VmStore vms, BridgeNetwork network) {
        return new NameServer(new Answers(
                name -> vms.findByName(name).map(vm -> network.addresses(vm.id())), HostResolvers::now));
    }

    /** The drivers that there are, and which of them the configuration allows. */
    private static ChosenDriver driver(Config config, HostPaths paths) {
        FirecrackerProbe probe = firecracker(config);
        var firecracker = new FirecrackerDriver(probe::find, paths, Path.of("/sys/fs/cgroup"));
        var qemu = new QemuDriver(() -> QemuProbe.find(config.qemuBin()), paths);
        var mayBeFirecracker = new Candidate(firecracker, probe::fitness);
        var mayBeQemu = new Candidate(qemu, () -> QemuProbe.fitness(config.qemuBin()));
        List<Candidate> allowed = switch (config.driver()) {
            case AUTO -> List.of(mayBeFirecracker, mayBeQemu);
            case FIRECRACKER -> List.of(mayBeFirecracker);
            case QEMU -> List.of(mayBeQemu);
        };
        return new ChosenDriver(allowed, List.of(firecracker, qemu));
    }

    private static FirecrackerProbe firecracker(Config config) {
        return new FirecrackerProbe(config.firecrackerBin(), Main::kvm, FirecrackerProbe::jailForbidden);
    }

    private static Kvm kvm() {
        return Kvm.look(Kvm.DEVICE, HostCpu.read().virtualizes());
    }

    private static void serveUntil(CountDownLatch stopped, RpcServer server) {
        Thread main = Thread.currentThread();
        // SIGTERM and SIGINT end the daemon as daemon.stop does; VMs go on.
        java.lang.Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopped.countDown();
                            server.close();
                        },
                        "shutdown"));
        Thread.ofPlatform().name("rpc-accept").daemon().start(server::serve);
        LOG.log(
                System.Logger.Level.INFO,
                "bangerd {0} serves, pid {1}",
                Build.current().id(),
                Long.toString(ProcessHandle.current().pid()));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            main.interrupt();
        }
        LOG.log(System.Logger.Level.INFO, "bangerd ends; vms go on");
    }

    private static Path agent() {
        return home().resolve("lib/agent/banger-agent");
    }

    /** The folder of this distribution, as its launcher says. */
    private static Path home() {
        String home = System.getProperty("banger.home");
        if (home == null) {
            throw new Problem(Problem.Kind.MISSING_REQUIREMENT, "banger.home is not set", "start bin/bangerd");
        }
        return Path.of(home);
    }
}
