package banger.daemon.driver.firecracker;

import banger.daemon.disk.VmDisks;
import banger.daemon.files.StoredVmFiles;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.DiskUsage;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.DiskLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The life of a VM with the real program, which {@code BANGER_FIRECRACKER} names, on a host whose KVM works and whose
 * user has the image {@code debian}. In a jail where this user may have one.
 */
class RealLifecycleTest extends LifecycleContract {
    private @Nullable Path folder;

    @Override
    Household open() throws IOException {
        var real = RealFirecracker.orSkip();
        HostPaths paths = beside(real.users());
        var probe = new FirecrackerProbe(real.program(), real::kvm, FirecrackerProbe::jailForbidden);
        return new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, Path.of("/sys/fs/cgroup"), DiskLimits.NONE),
                real.image(),
                new StoredVmFiles(paths, new VmDisks(paths), new KernelBundles(paths, RealFirecracker.AGENT)));
    }

    @AfterEach
    void removeFolder() {
        if (folder != null) {
            DiskUsage.remove(folder);
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
