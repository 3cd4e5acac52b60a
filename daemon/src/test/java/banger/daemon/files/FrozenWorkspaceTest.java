package banger.daemon.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import banger.daemon.disk.VmDisks;
import banger.daemon.frozen.FrozenFolder;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host knows of a workspace goes with the disks that the workspace is on. */
class FrozenWorkspaceTest {
    @TempDir
    Path folder;

    private HostPaths paths;
    private StoredVmFiles files;
    private final List<@Nullable String> told = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        paths = new HostPaths(
                folder.resolve("c"),
                folder.resolve("s"),
                folder.resolve("d"),
                folder.resolve("h"),
                folder.resolve("r"));
        paths.prepare();
        files = new StoredVmFiles(paths, new VmDisks(paths), new KernelBundles(paths, folder.resolve("agent")));
    }

    private Vm vm(@Nullable String workspace) throws IOException {
        var spec = new VmSpec(1, 1, 1, NetworkMode.NONE, List.of());
        Vm vm = new Vm(
                UUID.randomUUID(),
                "test",
                UUID.randomUUID(),
                spec,
                VmState.STOPPED,
                "",
                null,
                workspace,
                null,
                Instant.EPOCH,
                Instant.EPOCH);
        Path disks = Files.createDirectories(paths.vm(vm.id().toString()));
        Files.writeString(disks.resolve("root.ext4"), "root");
        Files.writeString(disks.resolve("work.ext4"), "work");
        return vm;
    }

    private Path kept(Vm vm, String generation) {
        return paths.workspaces(vm.id().toString()).resolve(generation);
    }

    private void keep(Vm vm, String generation, String tree) throws IOException {
        Files.writeString(Files.createDirectories(kept(vm, generation)).resolve("tree"), tree);
    }

    private void snapshot(Vm vm, String name) throws IOException {
        FrozenFolder snapshot = files.snapshot(vm.id(), name);
        files.freezeDisks(vm, null, snapshot.begin());
        snapshot.commit("any", "");
    }

    private void takeBack(Vm vm, String name) {
        files.beginTakingBack(vm.id(), name);
        files.finishTakingBack(vm, told::add);
    }

    @Test
    void aCopyHasWhatIsKeptOfItsSource() throws IOException {
        Vm source = vm("{}");
        keep(source, "one", "as it was");
        FrozenFolder passing = files.passing(source.id());
        Path draft = passing.begin();
        files.freezeDisks(source, null, draft);
        Vm copy = vm("{}");
        files.delete(copy.id());
        files.clone(copy, files.frozen(draft, 1));
        passing.abandon();
        assertEquals("as it was", Files.readString(kept(copy, "one").resolve("tree")));
    }

    @Test
    void aSnapshotTakesTheWorkspaceBack() throws IOException {
        Vm vm = vm("first");
        keep(vm, "one", "first");
        snapshot(vm, "good");
        keep(vm, "two", "second");
        Files.delete(kept(vm, "one").resolve("tree"));
        Files.delete(kept(vm, "one"));
        takeBack(vm.withWorkspace("second"), "good");
        assertEquals(List.of("first"), told);
        assertEquals("first", Files.readString(kept(vm, "one").resolve("tree")));
        takeBack(vm, "good");
        assertEquals(List.of("first", "first"), told);
    }

    @Test
    void aSnapshotOfBeforeThereWasAWorkspaceTakesItAway() throws IOException {
        Vm vm = vm(null);
        snapshot(vm, "bare");
        takeBack(vm.withWorkspace("later"), "bare");
        assertEquals(Arrays.asList((String) null), told);
        assertFalse(Files.exists(paths.workspaces(vm.id().toString())));
    }

    @Test
    void aSnapshotThatSaysNothingOfAWorkspaceChangesNone() throws IOException {
        Vm vm = vm("first");
        snapshot(vm, "old");
        Files.delete(files.snapshot(vm.id(), "old").place().resolve("workspace.json"));
        takeBack(vm, "old");
        assertEquals(List.of(), told);
    }

    @Test
    void nothingIsToldWhereNothingIsTakenBack() throws IOException {
        files.finishTakingBack(vm("first"), told::add);
        assertEquals(List.of(), told);
    }
}
