package banger.daemon.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.build.LayerDiff.Change;
import banger.daemon.build.LayerDiff.Kind;
import banger.daemon.disk.Ext4;
import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.ImageFiles;
import banger.daemon.image.Layer;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.HostPaths;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.state.Database;
import banger.daemon.state.SqliteImageStore;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmSpec;
import banger.daemon.vm.VmState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {
    private static final String DISK_UUID = "5d0b1f3e-8f0c-4d6e-9a57-000000000009";
    private static final int MOST = 1000;

    @TempDir
    Path folder;

    private HostPaths paths;
    private Database database;
    private SqliteImageStore images;
    private ImageFiles files;
    private Commit commit;

    @BeforeEach
    void open() {
        paths = new HostPaths(
                        folder.resolve("c"),
                        folder.resolve("s"),
                        folder.resolve("d"),
                        folder.resolve("a"),
                        folder.resolve("r"))
                .prepare();
        database = Database.open(paths.database());
        images = new SqliteImageStore(database);
        files = new ImageFiles(paths, new KernelBundles(paths, folder.resolve("agent")));
        commit = new Commit(paths, images, files);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theLayerHoldsWhatTheVmChanged() throws IOException {
        Image base = image(layer("base", "etc/hosts", "etc/gone", "opt/tool"));
        Image made = commit.run(vm(base, "etc/hosts", "srv/new", "!etc/gone"), "made", Progress.NONE);
        assertEquals(base.layers().getFirst(), made.layers().getFirst());
        assertEquals(2, made.layers().size());
        assertEquals(
                List.of(
                        new Change(Kind.CHANGED, "/etc/"),
                        new Change(Kind.DELETED, "/etc/gone"),
                        new Change(Kind.CHANGED, "/etc/hosts"),
                        new Change(Kind.ADDED, "/srv/"),
                        new Change(Kind.ADDED, "/srv/new")),
                new LayerDiff(paths).of(made, 1, MOST));
        assertScratchIsEmpty();
    }

    @Test
    void identityStaysWithTheVm() throws IOException {
        Image base = image(layer("base", "etc/hosts"));
        Vm vm = vm(
                base,
                "etc/machine-id",
                "etc/ssh/ssh_host_ed25519_key",
                "etc/ssh/sshd_config",
                "var/lib/systemd/random-seed");
        List<String> changed = new LayerDiff(paths)
                .of(commit.run(vm, "made", Progress.NONE), 1, MOST).stream()
                        .map(Change::path)
                        .toList();
        assertTrue(changed.contains("/etc/ssh/sshd_config"), changed.toString());
        for (String secret : List.of("machine-id", "ssh_host", "random-seed")) {
            assertTrue(changed.stream().noneMatch(path -> path.contains(secret)), changed.toString());
        }
    }

    @Test
    void whatTheHostPutsIntoEveryGuestStaysOutOfTheImage() throws IOException {
        Image base = image(layer("base", "etc/ssl/certs/ca-certificates.crt"));
        // The disk's files all have the same content, as the host's two have.
        Vm vm = vm(
                base,
                "etc/ssl/certs/ca-certificates.crt",
                "usr/local/share/ca-certificates/banger-host.crt",
                "etc/banger/authorized_keys",
                "etc/banger/network");
        List<String> changed = new LayerDiff(paths)
                .of(commit.run(vm, "made", Progress.NONE), 1, MOST).stream()
                        .map(Change::path)
                        .toList();
        assertTrue(changed.contains("/etc/banger/network"), changed.toString());
        for (String given : List.of(".crt", "authorized_keys")) {
            assertTrue(changed.stream().noneMatch(path -> path.endsWith(given)), changed.toString());
        }
    }

    @Test
    void anEighthLayerIsFollowedByOneThatHoldsAllButTheLowest() throws IOException {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < Image.MAX_LAYERS; i++) {
            layers.add(layer("base" + i, "etc/file" + i));
        }
        Image made =
                commit.run(vm(image(layers.toArray(Layer[]::new)), "etc/last", "!etc/file3"), "made", Progress.NONE);
        assertEquals(2, made.layers().size());
        List<String> changed = new LayerDiff(paths)
                .of(made, 1, MOST).stream().map(Change::path).toList();
        assertEquals(
                List.of(
                        "/etc/",
                        "/etc/file1",
                        "/etc/file2",
                        "/etc/file3",
                        "/etc/file4",
                        "/etc/file5",
                        "/etc/file6",
                        "/etc/file7",
                        "/etc/last"),
                changed);
    }

    @Test
    void aDiskThatIsNoFileSystemLeavesNoImage() throws IOException {
        Vm vm = vm(image(layer("base", "etc/hosts")), "etc/hosts");
        Files.write(paths.vm(vm.id().toString()).resolve("root.ext4"), new byte[4096]);
        assertThrows(Problem.class, () -> commit.run(vm, "made", Progress.NONE));
        assertEquals(1, images.list().size());
        assertScratchIsEmpty();
    }

    private void assertScratchIsEmpty() throws IOException {
        try (Stream<Path> left = Files.list(paths.scratch())) {
            assertEquals(0, left.count());
        }
    }

    private Image image(Layer... layers) {
        return images.put(Image.managed(
                "base",
                List.of(layers),
                "kernel",
                WorkSeed.NONE,
                GuestProfile.PLAIN,
                new Provenance("test", List.of(), null)));
    }

    private Layer layer(String name, String... contents) throws IOException {
        Path file = disk(name, "", contents);
        return files.publishLayer(file, Sha256.of(file));
    }

    private Vm vm(Image image, String... changes) throws IOException {
        UUID id = UUID.randomUUID();
        Path home = Files.createDirectories(paths.vm(id.toString()));
        Files.move(disk("root-" + id, "upper/", changes), home.resolve("root.ext4"));
        VmSpec spec = new VmSpec(1, 1, 1, NetworkMode.NONE, List.of());
        Instant now = Instant.EPOCH;
        return new Vm(id, "beta", image.id(), spec, VmState.STOPPED, "00", null, null, null, now, now);
    }

    /** A file system with these files below the prefix; "!" before a name makes a whiteout. */
    private Path disk(String name, String prefix, String... contents) throws IOException {
        Path content = Files.createDirectories(folder.resolve("content-" + name).resolve(prefix));
        StringBuilder script = new StringBuilder();
        for (String each : contents) {
            if (each.startsWith("!")) {
                script.append("mknod \"")
                        .append(prefix)
                        .append(each.substring(1))
                        .append("\" c 0 0\n");
            } else {
                Path file = content.resolve(each);
                Files.createDirectories(file.getParent());
                Files.writeString(file, name);
            }
        }
        Path disk = folder.resolve(name + ".ext4");
        new Ext4("test", DISK_UUID, false, 0, 0, folder.resolve("content-" + name))
                .make(disk, 4L << 20, command -> command);
        // debugfs makes a device only in its present folder.
        String text = script.toString().replaceAll("mknod \"(.*)/([^/]*)\" c", "cd /$1\nmknod \"$2\" c");
        Path commands = Files.writeString(folder.resolve(name + ".debugfs"), text);
        Command.of("debugfs", "-w", "-f", commands.toString(), disk.toString()).succeed();
        return disk;
    }
}
