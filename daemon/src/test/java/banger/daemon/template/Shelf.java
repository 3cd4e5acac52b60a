package banger.daemon.template;

import banger.daemon.image.GuestProfile;
import banger.daemon.image.Image;
import banger.daemon.image.Layer;
import banger.daemon.image.PackageManifest;
import banger.daemon.image.Provenance;
import banger.daemon.image.WorkSeed;
import banger.daemon.kernel.KernelBundles;
import banger.daemon.os.HostPaths;
import banger.daemon.vm.Driver;
import banger.daemon.vm.DriverCapabilities;
import banger.daemon.vm.Machine;
import banger.daemon.vm.MachinePlan;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Runtime;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Templates of short texts on a host whose driver, agent, image and boot may change. */
final class Shelf {
    static final long GIB = 1L << 30;
    static final VmSpec SHAPE = shape(8);

    final HostPaths paths;
    final Path agent;
    String driver = "one";
    private StoredTemplates templates;

    Shelf(Path folder) throws IOException {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
        agent = Files.writeString(folder.resolve("agent"), "agent");
        Path kernel = Files.createDirectories(paths.kernels().resolve("kernel"));
        for (String name : new String[] {"vmlinux", "modules.cpio", "modules.ext4"}) {
            Files.writeString(kernel.resolve(name), "x");
        }
        Files.writeString(
                kernel.resolve("kernel.properties"),
                "version=6.1\npackageVersion=1\nsize.vmlinux=1\nsize.modules.cpio=1\nsize.modules.ext4=1\n");
        templates = store();
    }

    static VmSpec shape(int diskGib) {
        return new VmSpec(1, 6, diskGib * GIB, NetworkMode.USER, List.of());
    }

    static Image image(String name, String layer) {
        return Image.managed(
                name,
                List.of(new Layer(layer.repeat(32), 4096)),
                "kernel",
                new WorkSeed("ef".repeat(32), "f1"),
                new GuestProfile(List.of("agent"), Map.of(), "", "", List.of(), List.of()),
                new Provenance("test", List.of(), new PackageManifest(0, "")));
    }

    StoredTemplates templates() {
        return templates;
    }

    /** Another daemon, which knows only what is on the disk. */
    void restart() {
        templates = store();
    }

    private StoredTemplates store() {
        return new StoredTemplates(paths, new KernelBundles(paths, agent), new NamedDriver(), null);
    }

    /** Makes one as it is after it was frozen. */
    Template put(Image image, VmSpec spec) throws IOException {
        Path made = Files.createDirectories(paths.scratch().resolve("made-" + UUID.randomUUID()));
        for (String file : new String[] {"ram", "devices", "root.ext4", "work.ext4"}) {
            Files.writeString(made.resolve(file), "frozen");
        }
        return templates.put(made, templates.key(image, spec), image, spec);
    }

    /** As where the host went down: the same file, written at the same time, of the same length. */
    void damage(Template template, String file) throws IOException {
        Path place = template.folder().resolve(file);
        FileTime written = Files.getLastModifiedTime(place);
        write(place, "frosen");
        Files.setLastModifiedTime(place, written);
    }

    void write(Path file, String text) throws IOException {
        file.toFile().setWritable(true);
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    void rebootHost(Template template) throws IOException {
        Path manifest = template.folder().resolve("template.properties");
        write(manifest, Files.readString(manifest).replaceAll("(?m)^host_boot=.*$", "host_boot=another"));
        restart();
    }

    void touch(Template template, String file) throws IOException {
        Files.setLastModifiedTime(template.folder().resolve(file), FileTime.from(Instant.EPOCH));
    }

    /** One that is known by a name only. */
    private final class NamedDriver implements Driver {
        @Override
        public String name() {
            return "named";
        }

        @Override
        public String description() {
            return name();
        }

        @Override
        public String fingerprint() {
            return driver;
        }

        @Override
        public DriverCapabilities capabilities() {
            return new DriverCapabilities(8, 8, Set.of(NetworkMode.values()), true, false);
        }

        @Override
        public MachinePlan complete(MachinePlan plan) {
            return plan;
        }

        @Override
        public Machine start(MachinePlan plan) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Machine> attach(UUID vm, Runtime runtime) {
            return Optional.empty();
        }

        @Override
        public void sweep(UUID vm) {}
    }
}
