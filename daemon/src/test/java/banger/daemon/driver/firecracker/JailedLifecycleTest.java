package banger.daemon.driver.firecracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Kvm;
import banger.daemon.os.Privileges;
import banger.daemon.vm.DiskLimits;
import banger.daemon.vm.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a VM whose process a jailer shuts away. */
class JailedLifecycleTest extends LifecycleContract {
    @TempDir
    Path folder;

    private Path cgroups;

    @Override
    Household open() throws IOException {
        assumeTrue(Privileges.user() == 0, "a jail needs root");
        cgroups = Files.createDirectories(folder.resolve("cgroup"));
        Files.writeString(cgroups.resolve("cgroup.controllers"), "cpu memory pids\n");
        HostPaths paths = HostPaths.of(
                Map.of(
                        "HOME",
                        folder.toString(),
                        "XDG_RUNTIME_DIR",
                        folder.resolve("run").toString()),
                0);
        Path program = StandInProgram.withJailer(folder, "1.13.1", cgroups);
        var probe =
                new FirecrackerProbe(program, () -> new Kvm(true, "the stand-in needs none", null), Optional::empty);
        return new Household(
                paths,
                new FirecrackerDriver(probe::find, paths, cgroups, DiskLimits.NONE),
                SmallVmFiles.image(),
                new SmallVmFiles(paths));
    }

    @Test
    void theProcessRunsAsAUserOfItsOwnInAFolderOfItsOwn() throws IOException {
        Vm vm = house.create("beta");
        Path process = Path.of("/proc/" + runtime(vm).pid());
        assertEquals(Jail.userOf(vm.id()), ((Number) Files.getAttribute(process, "unix:uid")).longValue());
        Path root = jail(vm).resolve("firecracker/" + vm.id() + "/root");
        assertEquals(root.toRealPath(), Files.readSymbolicLink(process.resolve("cwd")));
    }

    @Test
    void twoVmsAreTwoUsers() {
        assertFalse(Jail.userOf(house.create("beta").id())
                == Jail.userOf(house.create("gamma").id()));
    }

    @Test
    void theVmsOwnDisksAreTheJailsAndTheImagesAreNot() throws IOException {
        Vm vm = house.create("beta");
        assertEquals(Jail.userOf(vm.id()), owner(house.folder(vm).resolve("root.ext4")));
        assertEquals(Jail.userOf(vm.id()), owner(house.folder(vm).resolve("work.ext4")));
        Path layer = house.paths.layer("ab");
        assertEquals(0, owner(layer));
        assertTrue(Files.getPosixFilePermissions(layer).contains(PosixFilePermission.OTHERS_READ));
        assertFalse(Files.getPosixFilePermissions(layer).contains(PosixFilePermission.OTHERS_WRITE));
    }

    @Test
    void jailAndCgroupEndWithTheProcess() throws IOException {
        Vm vm = house.create("beta");
        Path cgroup = cgroups.resolve("banger/" + vm.id());
        assertTrue(Files.isDirectory(jail(vm)));
        assertTrue(Files.isDirectory(cgroup));
        house.lifecycle.stop(vm, Household.GRACE, Progress.NONE);
        assertFalse(Files.exists(jail(vm)));
        assertFalse(Files.exists(cgroup));
        assertTrue(Files.exists(house.folder(vm).resolve("root.ext4")));
    }

    private Path jail(Vm vm) {
        return house.paths.vmJail(vm.id().toString());
    }

    private static long owner(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    }
}
