package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.disk.VmDisks;
import banger.daemon.files.StoredVmFiles;
import banger.daemon.image.Image;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostCpu;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.vm.DiskLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The life of a VM with the real program, which {@code BANGER_FIRECRACKER} names, on a host whose KVM works and whose
 * user has the image {@code debian}. In a jail where this user may have one.
 */
class RealLifecycleTest extends LifecycleContract {
    private static final Path AGENT =
            Path.of("../dist/banger/lib/agent/banger-agent").toAbsolutePath();

    private @Nullable Path folder;

    @Override
    Household open() throws IOException {
        String program = System.getenv("BANGER_FIRECRACKER");
        assumeTrue(program != null, "BANGER_FIRECRACKER does not name a firecracker to test with");
        Kvm kvm = Kvm.look(Kvm.DEVICE, HostCpu.ofThisHost().virtualizes());
        assumeTrue(kvm.works(), "firecracker needs kvm: " + kvm.reason());
        assumeTrue(Files.exists(AGENT), "there is no " + AGENT + ": ./dev build");
        HostPaths users = HostPaths.ofThisProcess();
        Image image = image(users);
        HostPaths paths = beside(users);
        var probe = new FirecrackerProbe(Path.of(program), () -> kvm, FirecrackerProbe::jailForbidden);
        return new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, Path.of("/sys/fs/cgroup"), DiskLimits.NONE),
                image,
                new StoredVmFiles(paths, new VmDisks(paths), new KernelBundles(paths, AGENT)));
    }

    @AfterEach
    void removeFolder() {
        if (folder != null) {
            DiskUsage.remove(folder);
        }
    }

    private static Image image(HostPaths users) {
        assumeTrue(Files.exists(users.database()), "there is no image: banger image bootstrap");
        try (Database database = Database.openReadOnly(users.database())) {
            Optional<Image> debian = new SqliteImageStore(database).findByName("debian");
            assumeTrue(debian.isPresent(), "there is no image debian: banger image bootstrap");
            return debian.get();
        }
    }

    /** A store of the test's own that reads the user's images; on the same file system, for links. */
    private HostPaths beside(HostPaths users) throws IOException {
        Path home = Files.createTempDirectory(users.data().getParent(), "bft-");
        folder = home;
        HostPaths paths = HostPaths.of(
                Map.of(
                        "HOME",
                        home.toString(),
                        "XDG_DATA_HOME",
                        home.toString(),
                        "XDG_RUNTIME_DIR",
                        home.resolve("r").toString()),
                0);
        Files.createDirectories(paths.data());
        for (String shared : List.of("layers", "seeds", "kernels")) {
            Files.createSymbolicLink(paths.data().resolve(shared), users.data().resolve(shared));
        }
        return paths;
    }
}
