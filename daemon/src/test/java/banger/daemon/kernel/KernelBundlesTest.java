package banger.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.os.HostPaths;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelBundlesTest {
    @TempDir
    Path folder;

    private Path agent;
    private long clock;
    private HostPaths paths;
    private KernelBundles bundles;

    @BeforeEach
    void open() throws IOException {
        paths = new HostPaths(folder, folder, folder.resolve("data"), folder, folder.resolve("run"));
        agent = Files.writeString(folder.resolve("agent"), "the first agent");
        bundles = new KernelBundles(paths, agent);
    }

    @Test
    void aHostWithoutKernelsHasAnEmptyList() {
        assertEquals(List.of(), bundles.list());
    }

    @Test
    void aBundleIsLoadedWithThePresentAgent() throws IOException {
        publish("debian-6.1");
        Kernel kernel = bundles.load("debian-6.1");
        assertEquals("6.1", kernel.version());
        assertTrue(Files.readString(kernel.initramfs()).contains("the first agent"));
    }

    @Test
    void aNewAgentGetsANewInitramfsAndTheOldOneGoes() throws IOException {
        publish("debian-6.1");
        Kernel before = bundles.load("debian-6.1");
        Files.writeString(agent, "the second agent");
        Kernel after = bundles.current(before);
        assertNotEquals(before.initramfs(), after.initramfs());
        String content = Files.readString(after.initramfs());
        assertTrue(content.contains("the second agent") && content.contains("order"));
        assertFalse(Files.exists(before.initramfs()));
        assertEquals(after, bundles.current(before));
    }

    @Test
    void damagedBundlesAreListedWithTheReason() throws IOException {
        publish("good");
        publish("missing");
        Files.delete(paths.kernels().resolve("missing/vmlinux"));
        publish("short");
        Files.writeString(paths.kernels().resolve("short/modules.ext4"), "cut");
        Files.createDirectories(paths.kernels().resolve("strange"));
        publish("unread");
        Files.writeString(paths.kernels().resolve("unread/kernel.properties"), "version=1\nsize.vmlinux=many\n");

        List<KernelEntry> listed = bundles.list();
        assertEquals(
                List.of("good", "missing", "short", "strange", "unread"),
                listed.stream().map(KernelEntry::id).toList());
        assertInstanceOf(KernelEntry.Usable.class, listed.get(0));
        assertEquals(new KernelEntry.Broken("missing", "its vmlinux is missing"), listed.get(1));
        assertEquals(new KernelEntry.Broken("short", "its modules.ext4 has 3 bytes, expected 7"), listed.get(2));
        assertEquals(new KernelEntry.Broken("strange", "its kernel.properties is missing"), listed.get(3));
        assertInstanceOf(KernelEntry.Broken.class, listed.get(4));
        Problem problem = assertThrows(Problem.class, () -> bundles.load("short"));
        assertTrue(problem.getMessage().contains("expected 7"), problem.getMessage());
    }

    @Test
    void anIdThatLeavesTheFolderIsRefused() {
        assertThrows(Problem.class, () -> bundles.load("../../etc"));
    }

    @Test
    void aBundleIsFoundByThePackageThatItWasMadeFrom() throws IOException {
        publish("debian-6.1");
        assertEquals(
                "debian-6.1", bundles.findMadeFrom("6.1-1", "6.1").orElseThrow().id());
        assertTrue(bundles.findMadeFrom("6.1-2", "6.1").isEmpty());
        assertTrue(bundles.findMadeFrom("6.1-1", "6.1-rt").isEmpty());
        assertEquals("debian-6.1", bundles.findDigest("d1").orElseThrow().id());
        assertTrue(bundles.findDigest("d2").isEmpty());
        assertEquals("debian-6.1.2", bundles.freeId("debian-6.1"));
        assertEquals("debian-6.2", bundles.freeId("debian-6.2"));
    }

    @Test
    void theDefaultIsTheFirstUntilOneIsChosen() throws IOException {
        assertThrows(Problem.class, () -> bundles.defaultId());
        publish("a");
        publish("c");
        publish("b");
        assertEquals("a", bundles.defaultId());
        bundles.chooseDefault("b");
        assertEquals("b", bundles.defaultId());
        assertThrows(Problem.class, () -> bundles.chooseDefault("nowhere"));
        bundles.delete("b");
        assertEquals("a", bundles.defaultId());
    }

    @Test
    void aKernelThatWasMadeEarlierElsewhereDoesNotBecomeTheDefault() throws IOException {
        clock = 100;
        publish("mine");
        assertEquals("mine", bundles.defaultId());
        clock = 0;
        publish("pulled");
        assertEquals("mine", bundles.defaultId());
        bundles.delete("mine");
        assertEquals("pulled", bundles.defaultId());
    }

    @Test
    void noBundleTakesThePlaceOfTheDefaultsFile() throws IOException {
        publish("a");
        bundles.chooseDefault("a");
        assertEquals("default.2", bundles.freeId("default"));
        KernelImport imports = new KernelImport(paths, bundles);
        var source = new KernelSource.Xbps(folder.resolve("any.xbps"));
        Problem problem = assertThrows(
                Problem.class, () -> imports.run(source, "default", null, banger.daemon.operation.Progress.NONE));
        assertEquals(Problem.Kind.INVALID_ARGUMENT, problem.kind());
    }

    @Test
    void anAdoptedBundleGoesWithItsImageUntilThatIsRecorded() throws IOException {
        publish("a");
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (Path file : bundles.files("a")) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        Kernel adopted = bundles.adopt(copy, "a");
        assertEquals("a.2", adopted.id());
        assertTrue(bundles.goesWithImages(adopted));
        assertFalse(bundles.goesWithImages(bundles.load("a")));
        bundles.keepAdopted("a.2");
        assertFalse(bundles.goesWithImages(adopted));
    }

    @Test
    void aDeletionThatIsRefusedLeavesTheBundle() throws IOException {
        publish("a");
        assertThrows(
                IllegalStateException.class,
                () -> bundles.delete("a", () -> {
                    throw new IllegalStateException("it is used");
                }));
        assertEquals(1, bundles.list().size());
    }

    @Test
    void deletingRemovesTheBundleAlsoABrokenOne() throws IOException {
        publish("a");
        Files.delete(paths.kernels().resolve("a/vmlinux"));
        bundles.delete("a");
        assertEquals(List.of(), bundles.list());
        Problem problem = assertThrows(Problem.class, () -> bundles.delete("a"));
        assertEquals(Problem.Kind.NOT_FOUND, problem.kind());
        assertThrows(Problem.class, () -> bundles.delete("../data"));
        assertThrows(Problem.class, () -> bundles.delete("."));
        assertTrue(Files.isDirectory(paths.data()));
    }

    @Test
    void aMissingAgentIsNamed() throws IOException {
        publish("debian-6.1");
        Files.delete(agent);
        Problem problem = assertThrows(Problem.class, () -> bundles.load("debian-6.1"));
        assertEquals(Problem.Kind.MISSING_REQUIREMENT, problem.kind());
        assertTrue(problem.getMessage().contains(agent.toString()), problem.getMessage());
    }

    private void publish(String id) throws IOException {
        Path made = Files.createDirectories(folder.resolve("made-" + id));
        Path modules = Files.createDirectory(folder.resolve("modules-" + id));
        KernelTree.write(modules);
        Files.writeString(made.resolve("vmlinux"), "kernel");
        Files.writeString(made.resolve("modules.ext4"), "modules");
        Initramfs.writeModules(made.resolve("modules.cpio"), modules, BootModules.inLoadOrder(modules));
        KernelManifest.of(made, "6.1", new BundleBuild.Origin("6.1-1", "a.deb", "d1"), Instant.ofEpochSecond(++clock))
                .write(made);
        bundles.publish(made, id);
    }
}
