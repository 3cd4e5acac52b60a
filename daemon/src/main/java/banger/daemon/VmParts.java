package banger.daemon;

import banger.daemon.config.Config;
import banger.daemon.debian.AptSettings;
import banger.daemon.disk.VmDisks;
import banger.daemon.files.StoredVmFiles;
import banger.daemon.host.HostEnvironment;
import banger.daemon.host.Logins;
import banger.daemon.network.BridgeGuest;
import banger.daemon.network.BridgeNetwork;
import banger.daemon.network.BridgedDriver;
import banger.daemon.network.OwnerMark;
import banger.daemon.operation.Operations;
import banger.daemon.os.Environment;
import banger.daemon.os.HostMemory;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.ssh.SshAccess;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteNetworkStore;
import banger.daemon.template.BackgroundTemplates;
import banger.daemon.template.StoredTemplates;
import banger.daemon.template.TemplateMaker;
import banger.daemon.vm.Creation;
import banger.daemon.vm.Driver;
import banger.daemon.vm.GuestSetup;
import banger.daemon.vm.HostTrust;
import banger.daemon.vm.Lifecycle;
import banger.daemon.vm.LiveVms;
import banger.daemon.vm.NameGenerator;
import banger.daemon.vm.NewVm;
import banger.daemon.vm.Suspension;
import banger.daemon.vm.VmRequest;
import banger.daemon.vm.VmStore;
import banger.daemon.vm.Vms;
import banger.daemon.vm.WarmPool;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** The part of the wiring that keeps and runs VMs; each field knows only those above it. */
final class VmParts {
    final Operations operations = new Operations();
    final LiveVms live = new LiveVms();
    final VmStore store;
    final BridgeNetwork network;
    final Driver driver;
    final StoredVmFiles files;
    final SshAccess ssh;
    final HostEnvironment host;
    /** What each guest is told that is not of one user's. */
    final GuestSetup plainSetup;

    final StoredTemplates templates;
    final TemplateMaker templateMaker;
    final BackgroundTemplates background;
    final Vms all;
    final NameGenerator names;
    final NewVm newVm;
    final WarmPool pool;
    final Suspension suspension;
    final Creation creation;
    final Lifecycle lifecycle;

    VmParts(HostPaths paths, Config config, Database database, VmStore store, ImageParts images, Supplier<Kvm> kvm) {
        this.store = store;
        var environment = Environment.ofThisProcess();
        network = new BridgeNetwork(new SqliteNetworkStore(database), OwnerMark.of(paths), config.network());
        driver = new BridgedDriver(Drivers.chosen(config, paths, kvm), network);
        files = new StoredVmFiles(
                paths,
                new VmDisks(paths),
                images.kernels,
                images::current,
                spec -> driver.choose(spec).capabilities().overlays());
        ssh = new SshAccess(paths, store::list, images.key, Distribution.cli());
        host = new HostEnvironment(config.caCertificates() != null, environment, new AptSettings()::lines);
        var trust = new HostTrust(config.caCertificates());
        var bridged = new BridgeGuest(network);
        // Keys for ssh are a VM's own, and come with its identity.
        plainSetup = new GuestSetup(trust, host, bridged);
        var logins = Logins.of(
                environment,
                config.credentials().opencode(),
                config.credentials().claude(),
                config.credentials().pi());
        templates = new StoredTemplates(paths, images.kernels, driver, config.caCertificates());
        templateMaker = new TemplateMaker(
                paths, templates, files, driver, new GuestSetup(trust, host, bridged, SshAccess.placeholders()));
        background = new BackgroundTemplates(templates, templateMaker, config.automaticTemplates(), operations);
        all = new Vms(store, images.images, files, driver, new GuestSetup(trust, host, ssh, logins, bridged), live);
        names = new NameGenerator(new SecureRandom(), store);
        newVm = new NewVm(store, images.images, names::next, defaults(config));
        pool = pool(config.pool());
        suspension = new Suspension(all);
        live.beforeSession(suspension::wake);
        creation = new Creation(all, background, pool);
        lifecycle = new Lifecycle(all, suspension);
    }

    private WarmPool pool(Config.Pool wanted) {
        var like = new VmRequest(null, wanted.image(), null, null, null, null, List.of(), false);
        var bounds = new WarmPool.Bounds(wanted.size(), wanted.spareBytes());
        return new WarmPool(
                all,
                background,
                () -> newVm.of(like),
                bounds,
                WarmPool.Pace.USUAL,
                () -> operations.running() > 0,
                HostMemory::availableOrNone);
    }

    private static NewVm.Defaults defaults(Config config) {
        var defaults = config.defaults();
        return new NewVm.Defaults(
                defaults.image(), defaults.vcpus(), defaults.memoryBytes(), defaults.diskBytes(), defaults.network());
    }
}
