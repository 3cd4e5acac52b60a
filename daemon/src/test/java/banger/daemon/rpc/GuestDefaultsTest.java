package banger.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.os.HostPaths;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestDefaultsTest {
    @TempDir
    Path folder;

    @Test
    void whatTheCallerGivesWinsOverTheImageAndTheImageOverTheHost() {
        var paths = new HostPaths(folder, folder, folder, folder, folder.resolve("r")).prepare();
        try (Database database = Database.open(paths.database())) {
            var images = new SqliteImageStore(database);
            var profile = new GuestProfile(
                    List.of("agent"), Map.of("A", "image", "B", "image"), "dev", "/srv", List.of(), List.of());
            Image image = images.put(Image.managed(
                    "app", List.of(), "kernel", WorkSeed.NONE, profile, new Provenance("test", List.of(), null)));
            var defaults = GuestDefaults.of(images, vm -> Map.of("A", "host", "B", "host", "C", "host"));
            GuestProfile found = defaults.profile(vm(image.id()));
            assertEquals("dev", found.user());
            assertEquals("/srv", found.folder());
            assertEquals(
                    List.of("A=caller", "B=image", "C=host"),
                    defaults.environment(vm(image.id()), found, List.of("A=caller")).stream()
                            .sorted()
                            .toList());
            assertEquals(GuestProfile.PLAIN, defaults.profile(vm(UUID.randomUUID())));
        }
    }

    private static Vm vm(UUID image) {
        VmSpec spec = new VmSpec(1, 1, 1, NetworkMode.USER, List.of());
        Instant now = Instant.EPOCH;
        return new Vm(UUID.randomUUID(), "beta", image, spec, VmState.RUNNING, "00", null, null, null, now, now);
    }
}
