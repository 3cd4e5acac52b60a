package banger.daemon.doctor;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.os.HostPaths;
import banger.daemon.os.HostProcess;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.state.SqliteVmStore;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** banger's folders below one folder, with rows put in as a daemon would have. */
record Store(HostPaths paths) {
    static final String LAYER = "aa".repeat(32);
    static final String SEED = "bb".repeat(32);

    static Store in(Path folder) {
        HostPaths paths = new HostPaths(
                folder.resolve("c"),
                folder.resolve("s"),
                folder.resolve("d"),
                folder.resolve("k"),
                folder.resolve("r"));
        return new Store(paths.prepare());
    }

    Image putImage(String name) {
        return putImage(name, null);
    }

    Image putImage(String name, @Nullable String broken) {
        try (Database database = Database.open(paths.database())) {
            return new SqliteImageStore(database)
                    .put(new Image(
                            UUID.randomUUID(),
                            name,
                            List.of(new Layer(LAYER, 5)),
                            "kernel",
                            new WorkSeed(SEED, ""),
                            GuestProfile.PLAIN,
                            new Provenance("", List.of(), null),
                            null,
                            broken,
                            Instant.EPOCH));
        }
    }

    Vm putVm(String name, VmState state) {
        Image image = putImage("debian");
        VmSpec spec = new VmSpec(1, 1 << 20, 1 << 20, NetworkMode.NONE, List.of());
        Instant then = Instant.EPOCH;
        Vm vm = new Vm(UUID.randomUUID(), name, image.id(), spec, state, "00", null, null, null, then, then);
        try (Database database = Database.open(paths.database())) {
            new SqliteVmStore(database).insert(vm);
        }
        return vm;
    }

    void recordProcess(Vm vm, HostProcess process) {
        Runtime runtime = new Runtime(
                "qemu", process.pid(), process.startTicks(), HostProcess.bootId(), Instant.EPOCH, List.of());
        try (Database database = Database.open(paths.database())) {
            new SqliteVmStore(database).update(vm.withRuntime(VmState.RUNNING, runtime));
        }
    }

    static Path write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, "12345");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
