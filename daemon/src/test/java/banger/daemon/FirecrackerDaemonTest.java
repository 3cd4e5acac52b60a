package banger.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.config.Config;
import banger.daemon.config.ConfigFile;
import banger.daemon.doctor.Doctor;
import banger.daemon.doctor.Leftovers;
import banger.daemon.doctor.Surroundings;
import banger.daemon.driver.firecracker.StandInProgram;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.lifecycle.Client;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.SocketAccess;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.wire.rpc.Methods;
import banger.wire.rpc.VmMessages.CreateVm;
import banger.wire.rpc.VmMessages.StartVm;
import banger.wire.rpc.VmMessages.StopVm;
import banger.wire.rpc.VmMessages.VmRef;
import banger.wire.rpc.VmMessages.VmView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon on its socket, with Firecracker's stand-in for its driver and a host whose KVM works. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FirecrackerDaemonTest {
    private static final Kvm KVM = new Kvm(true, "the stand-in needs none", null);
    private static final String HOME = "banger.home";

    @TempDir
    Path folder;

    private String homeBefore;
    private HostPaths paths;
    private Thread daemon;
    private CountDownLatch stopped;
    private Client client;

    @BeforeEach
    void begin() throws Exception {
        homeBefore = System.getProperty(HOME, "");
        System.setProperty(HOME, folder.resolve("home").toString());
        write(Distribution.agent(), "an agent");
        write(Distribution.cli(), "#!/bin/sh\n");
        paths = new HostPaths(
                        folder.resolve("c"),
                        folder.resolve("s"),
                        folder.resolve("d"),
                        folder.resolve("k"),
                        folder.resolve("r"))
                .prepare();
        write(
                paths.configFile(),
                "driver = \"firecracker\"\nfirecracker_bin = \"" + StandInProgram.in(folder, "1.13.1")
                        + "\"\ndefaults.network = \"none\"\ndefaults.disk = \"256 MiB\"\ntemplates.automatic = false\n");
        putImage();
        serve();
    }

    @AfterEach
    void end() throws Exception {
        try {
            if (client != null) {
                for (VmView vm : client.call(Methods.VM_LIST, new banger.wire.rpc.Nothing())
                        .vms()) {
                    client.done(Methods.VM_DELETE, new VmRef(vm.name()));
                }
                stop();
            }
        } finally {
            System.setProperty(HOME, homeBefore);
        }
    }

    @Test
    void aVmIsCreatedStoppedStartedAndDeletedByRpcAndLeavesNothing() throws Exception {
        VmView vm = create("beta");
        assertEquals("running", vm.state());
        assertEquals("firecracker", vm.driver());
        client.done(Methods.VM_STOP, new StopVm("beta", 30));
        assertEquals("stopped", show("beta").state());
        client.done(Methods.VM_START, new StartVm("beta", null));
        assertEquals("running", show("beta").state());
        client.done(Methods.VM_DELETE, new VmRef("beta"));
        assertEquals(List.of(), Leftovers.of(paths).find());
    }

    @Test
    void aDaemonThatFollowsTakesTheVmOver() throws Exception {
        Long pid = create("beta").pid();
        stop();
        serve();
        assertEquals("running", show("beta").state());
        assertEquals(pid, show("beta").pid());
        client.done(Methods.VM_STOP, new StopVm("beta", 30));
        assertEquals("stopped", show("beta").state());
    }

    @Test
    void doctorNamesTheDriverAndFindsTheVmInOrder() throws Exception {
        create("beta");
        var here = new Surroundings(
                paths,
                null,
                null,
                program -> Optional.empty(),
                KVM,
                Drivers.diagnosed(paths, () -> KVM),
                Distribution.agent());
        var said = new ByteArrayOutputStream();
        Doctor.of(here).run(new PrintStream(said, true, StandardCharsets.UTF_8), false);
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        for (String expected : List.of(
                "ok +driver +firecracker for .* 1\\.13\\.1 with kvm",
                "ok +vms .*",
                "ok +images .*",
                "ok +leftovers .*",
                "ok +daemon .*")) {
            assertTrue(lines.stream().anyMatch(line -> line.matches(expected)), expected + " in " + lines);
        }
    }

    private VmView create(String name) {
        client.done(Methods.VM_CREATE, new CreateVm(name, null, null, null, null, null, List.of(), true, null, null));
        return show(name);
    }

    private VmView show(String name) {
        return client.call(Methods.VM_SHOW, new VmRef(name));
    }

    private void serve() throws InterruptedException {
        Config config = ConfigFile.load(paths.configFile(), null);
        stopped = new CountDownLatch(1);
        var serving = new CountDownLatch(1);
        daemon = Thread.ofPlatform().start(() -> {
            try (Database database = Database.open(paths.database())) {
                new Assembly(paths, config, database, () -> KVM, stopped::countDown)
                        .serve(SocketAccess.OWNER, server -> {
                            Thread.ofPlatform().daemon().start(server::serve);
                            serving.countDown();
                            await(stopped);
                        });
            } finally {
                serving.countDown();
            }
        });
        serving.await();
        client = new Client(paths.socket());
    }

    private void stop() throws InterruptedException {
        client.close();
        stopped.countDown();
        daemon.join();
    }

    /** An image that the stand-in boots: only its work seed is looked into. */
    private void putImage() throws IOException {
        write(paths.layer("ab"), "x");
        Path kernel = paths.kernels().resolve("k");
        write(kernel.resolve("vmlinux"), "boots");
        write(kernel.resolve("modules.cpio"), "");
        write(kernel.resolve("modules.ext4"), "");
        write(
                kernel.resolve("kernel.properties"),
                "version=6\npackageVersion=6\nmadeAt=2026-01-01T00:00:00Z\nsize.vmlinux=5\nsize.modules.cpio=0\nsize.modules.ext4=0\n");
        Path seed = paths.workSeed("cd");
        Files.createDirectories(seed.getParent());
        Command.of("mke2fs", "-q", "-t", "ext4", seed.toString(), "16M").succeed();
        try (Database database = Database.open(paths.database())) {
            new SqliteImageStore(database)
                    .put(Image.managed(
                            "debian",
                            List.of(new Layer("ab", 1)),
                            "k",
                            new WorkSeed("cd", ""),
                            new GuestProfile(List.of("agent"), Map.of(), "", "", List.of(), List.of()),
                            new Provenance("a test", List.of(), new PackageManifest(0, ""))));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
