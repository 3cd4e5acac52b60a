package banger.daemon.state;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.HistoryEntry;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.PublishedPort;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** VMs and images for tests. */
final class Samples {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private Samples() {}

    static Image image(String name) {
        return new Image(
                UUID.randomUUID(),
                name,
                List.of(new Layer("ab".repeat(32), 1L << 31), new Layer("cd".repeat(32), 4096)),
                "debian-6.1.0-56-cloud-amd64",
                new WorkSeed("ef".repeat(32), "f1"),
                new GuestProfile(
                        List.of("agent", "tcp:4096"),
                        Map.of("A", "b=c"),
                        "dev",
                        "/srv",
                        List.of("/bin/server", "--port", "80"),
                        List.of(80)),
                new Provenance(
                        "debian bookworm",
                        List.of(new HistoryEntry("install git", "cd".repeat(32), NOON)),
                        new PackageManifest(3, "aa".repeat(32))),
                null,
                null,
                NOON);
    }

    static Vm vm(String name, Image image) {
        return new Vm(
                UUID.randomUUID(),
                name,
                image.id(),
                new VmSpec(2, 1L << 30, 8L << 30, NetworkMode.USER, List.of(new PublishedPort("127.0.0.1", 0, 80))),
                VmState.STOPPED,
                "0123456789abcdef0123456789abcdef",
                null,
                null,
                null,
                NOON,
                NOON);
    }
}
