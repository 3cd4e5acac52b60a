package banger.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.debian.DebFile;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import banger.daemon.xbps.XbpsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageUnpackingTest {
    private static final Map<String, byte[]> KERNEL = Map.of("boot/vmlinuz-6.6.1_1", bytes("kernel"));
    private static final Map<String, byte[]> MODULES = Map.of("usr/lib/modules/6.6.1_1/modules.builtin", bytes("ext4"));

    @TempDir
    Path folder;

    private UnpackedKernel target;

    @BeforeEach
    void open() throws IOException {
        target = new UnpackedKernel(folder.resolve("unpacked"), Progress.NONE);
    }

    @Test
    void aPackageThatNamesOthersGetsThemFromBesideIt() throws IOException {
        Path meta = XbpsFile.write(
                folder.resolve("linux-6.6_1.x86_64.xbps"),
                "linux",
                "6.6_1",
                List.of("linux6.6>=6.6.0_1", "dracut>=1"),
                Map.of());
        XbpsFile.write(
                folder.resolve("linux6.6-6.6.1_1.x86_64.xbps"),
                "linux6.6",
                "6.6.1_1",
                List.of("linux6.6-modules-6.6.1_1"),
                KERNEL);
        XbpsFile.write(
                folder.resolve("linux6.6-modules-6.6.1_1.x86_64.xbps"),
                "linux6.6-modules",
                "6.6.1_1",
                List.of(),
                MODULES);
        unpack(meta);
        assertEquals("6.6.1_1", target.version("it"));
        assertEquals("kernel", Files.readString(target.image("6.6.1_1")));
        assertEquals("ext4", Files.readString(target.modules().resolve("6.6.1_1/modules.builtin")));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path meta = XbpsFile.write(
                folder.resolve("linux-6.6_1.x86_64.xbps"),
                "linux",
                "6.6_1",
                List.of("linux6.6>=6.6.0_1", "dracut>=1"),
                Map.of());
        Problem problem = assertThrows(Problem.class, () -> unpack(meta));
        assertTrue(
                problem.getMessage().contains("holds no kernel; it needs linux6.6, not found in " + folder),
                problem.getMessage());
    }

    @Test
    void aPackageFileMayHaveANameWithoutADot() throws IOException {
        Path meta = XbpsFile.write(folder.resolve("package"), "linux", "6.6_1", List.of("linux6.6>=6.6.0_1"), Map.of());
        Problem problem = assertThrows(Problem.class, () -> unpack(meta));
        assertTrue(problem.getMessage().contains("it needs linux6.6, not found in " + folder), problem.getMessage());
    }

    @Test
    void twoVersionsOfWhatIsNeededAreNotGuessedBetween() throws IOException {
        Path meta = XbpsFile.write(
                folder.resolve("linux-6.6_1.x86_64.xbps"), "linux", "6.6_1", List.of("linux6.6>=6.6.0_1"), Map.of());
        for (String version : List.of("6.6.1_1", "6.6.2_1")) {
            XbpsFile.write(
                    folder.resolve("linux6.6-" + version + ".x86_64.xbps"), "linux6.6", version, List.of(), KERNEL);
        }
        Problem problem = assertThrows(Problem.class, () -> unpack(meta));
        assertTrue(problem.getMessage().contains("6.6.1_1, 6.6.2_1"), problem.getMessage());
    }

    @Test
    void aFileWhoseDigestIsWrongIsNamed() throws IOException {
        Path good = XbpsFile.write(folder.resolve("a.xbps"), "linux6.6", "6.6.1_1", List.of(), KERNEL);
        // The list of a package with the right content, around other content.
        KernelPackage honest = KernelPackage.xbps(good);
        KernelPackage forged = new KernelPackage(
                good,
                "linux6.6",
                "6.6.1_1",
                List.of(),
                honest.digests(),
                "SHA-256",
                taker -> taker.take("boot/vmlinuz-6.6.1_1", new java.io.ByteArrayInputStream(bytes("other"))));
        Problem problem = assertThrows(
                Problem.class, () -> new PackageUnpacking(KernelPackage::xbps, target, Progress.NONE).run(forged));
        assertTrue(
                problem.getMessage().contains("boot/vmlinuz-6.6.1_1")
                        && problem.getMessage().contains("is damaged"),
                problem.getMessage());
    }

    @Test
    void aFileThatThePackageDoesNotListIsRefused() throws IOException {
        Path xbps = folder.resolve("a.xbps");
        XbpsFile.write(xbps, "linux6.6", "6.6.1_1", List.of(), KERNEL);
        KernelPackage honest = KernelPackage.xbps(xbps);
        KernelPackage forged =
                new KernelPackage(xbps, "linux6.6", "6.6.1_1", List.of(), Map.of(), "SHA-256", honest.content());
        assertThrows(Problem.class, () -> new PackageUnpacking(KernelPackage::xbps, target, Progress.NONE).run(forged));
    }

    @Test
    void aDebianPackageNeedsNoListOfDigests() throws IOException {
        Path deb = DebFile.write(
                folder.resolve("a.deb"),
                Map.of("./boot/vmlinuz-6.1", bytes("kernel"), "./lib/modules/6.1/modules.builtin", bytes("ext4")));
        new PackageUnpacking(KernelPackage::deb, target, Progress.NONE).run(KernelPackage.deb(deb));
        assertEquals("6.1", target.version("it"));
    }

    @Test
    void namesAreFoundInEveryFormOfADependency() {
        assertEquals("linux6.6", KernelPackage.nameOf("linux6.6>=6.6.0_1"));
        assertEquals("linux6.6", KernelPackage.nameOf("linux6.6-6.6.63_1"));
        assertEquals("linux6.6-modules", KernelPackage.nameOf("linux6.6-modules-6.6.63_1"));
        assertEquals("linux-image-6.1.0-50-amd64", KernelPackage.nameOf("linux-image-6.1.0-50-amd64 (= 6.1.176-1)"));
        assertEquals("kmod", KernelPackage.nameOf("kmod"));
    }

    @Test
    void aPackageWithoutAKernelSaysSo() throws IOException {
        Path deb = DebFile.write(folder.resolve("a.deb"), Map.of("./usr/share/doc/x", bytes("x")));
        Problem problem = assertThrows(
                Problem.class,
                () -> new PackageUnpacking(KernelPackage::deb, target, Progress.NONE).run(KernelPackage.deb(deb)));
        assertTrue(
                problem.getMessage().contains("holds no kernel and names no package that does"), problem.getMessage());
    }

    private void unpack(Path xbps) throws IOException {
        new PackageUnpacking(KernelPackage::xbps, target, Progress.NONE).run(KernelPackage.xbps(xbps));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
