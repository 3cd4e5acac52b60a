package banger.daemon.rootfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.RootNamespace;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsTest {
    private final RootNamespace namespace = RootNamespace.open();

    @TempDir
    Path folder;

    private Path root;
    private Rootfs rootfs;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        rootfs = new Rootfs(root, namespace, new ImportLimits(1 << 20, 100), Progress.NONE);
    }

    /** Files of others cannot be removed from outside of the namespace. */
    @AfterEach
    void clear() {
        namespace.enter(Command.of("rm", "-rf", root.toString())).succeed();
    }

    @Test
    void ownersModesAndLinksAreKept() throws IOException {
        add(new TarFile()
                .folder("./etc", 0750)
                .file("etc/shadow", "secret", 0640, 42)
                .file("bin/su", "program", 04755, 0)
                .hardLink("bin/sudo", "bin/su")
                .symbolicLink("link", "/etc/shadow"));
        assertEquals("750", stat("%a", "etc"));
        assertEquals("640 42:42 1", stat("%a %u:%g %h", "etc/shadow"));
        assertEquals("4755 2", stat("%a %h", "bin/su"));
        assertEquals(stat("%i", "bin/su"), stat("%i", "bin/sudo"));
        assertEquals("/etc/shadow", Files.readSymbolicLink(root.resolve("link")).toString());
    }

    @Test
    void binaryAttributesComeThrough() throws IOException {
        byte[] value = {1, 0, (byte) 0xff, '\n', (byte) 0x80};
        String longName = "a/".repeat(70) + "file";
        add(new TarFile()
                .pax("SCHILY.xattr.user.note", value)
                .file(longName, "x")
                .file("plain", "y"));
        assertArrayEquals(value, (byte[]) Files.getAttribute(root.resolve(longName), "user:note"));
        assertEquals("x", Files.readString(root.resolve(longName)));
    }

    @Test
    void whatTheOverlayWouldReadIsLeftOut() throws IOException {
        add(new TarFile()
                .pax("SCHILY.xattr.user.overlay.opaque", new byte[] {'y'})
                .file("a", "x"));
        assertThrows(Exception.class, () -> Files.getAttribute(root.resolve("a"), "user:overlay.opaque"));
    }

    @Test
    void whiteoutsRemoveWhatLowerLayersHave() throws IOException {
        add(new TarFile().file("keep", "1").file("gone", "1").file("dir/a", "1").file("dir/b", "1"));
        add(new TarFile().file(".wh.gone", "").file("dir/.wh.a", "").file("dir/c", "2"));
        assertFalse(Files.exists(root.resolve("gone")));
        assertFalse(Files.exists(root.resolve("dir/a")));
        assertTrue(Files.exists(root.resolve("keep")));
        assertTrue(Files.exists(root.resolve("dir/b")));
        assertEquals("2", Files.readString(root.resolve("dir/c")));
        assertFalse(Files.exists(root.resolve(".wh.gone")));
    }

    @Test
    void aWhiteoutSparesWhatItsOwnLayerHas() throws IOException {
        add(new TarFile().file("dir/old", "1").file("name", "1"));
        add(new TarFile()
                .file("dir/new", "2")
                .file("dir/.wh..wh..opq", "")
                .file("name", "2")
                .file(".wh.name", ""));
        assertFalse(Files.exists(root.resolve("dir/old")));
        assertEquals("2", Files.readString(root.resolve("dir/new")));
        assertEquals("2", Files.readString(root.resolve("name")));
    }

    @Test
    void aFileTakesTheFoldersPlaceAndTheOtherWayRound() throws IOException {
        add(new TarFile().file("a/b/c", "1").file("d", "1").symbolicLink("e", "a"));
        add(new TarFile().file("a", "2").folder("d", 0755).file("d/e", "2").folder("e", 0755));
        assertEquals("2", Files.readString(root.resolve("a")));
        assertEquals("2", Files.readString(root.resolve("d/e")));
        assertTrue(Files.isDirectory(root.resolve("e"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aFileThatIsUsedAsAFolderIsRefused() throws IOException {
        add(new TarFile().file("d", "1"));
        refused(new TarFile().file("d/e", "2"), "d/e", "/d is no folder");
    }

    @Test
    void anUpperLayerMayLinkToALowerOnesFile() throws IOException {
        add(new TarFile().file("a", "1"));
        add(new TarFile().hardLink("b", "a"));
        assertEquals(stat("%i", "a"), stat("%i", "b"));
    }

    @Test
    void symbolicLinksAreFollowedInsideOfTheRootOnly() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        add(new TarFile()
                .folder("usr/lib", 0755)
                .symbolicLink("lib", "usr/lib")
                .symbolicLink("escape", outside.toString())
                .symbolicLink("up", "../../../../../outside"));
        add(new TarFile().file("lib/x", "1").file("escape/x", "1").file("up/y", "1"));
        assertEquals("1", Files.readString(root.resolve("usr/lib/x")));
        assertTrue(Files.isSymbolicLink(root.resolve("lib")));
        assertEquals(0, outside.toFile().list().length);
        assertEquals("1", Files.readString(root.resolve("outside/y")));
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        add(new TarFile().symbolicLink("a", "b").symbolicLink("b", "a"));
        refused(new TarFile().file("a/x", "1"), "a/x", "too many symbolic links");
    }

    @Test
    void namesThatLeaveTheRootAreRefused() {
        refused(new TarFile().file("a/../../etc/passwd", "x"), "a/../../etc/passwd", "\"..\"");
        refused(new TarFile().file("/etc/passwd", "x"), "/etc/passwd", "begins with /");
        refused(new TarFile().file("a", "x").hardLink("b", "../a"), "b", "\"..\"");
        refused(new TarFile().file("a", "x").hardLink("b", "/etc/shadow"), "b", "begins with /");
        refused(new TarFile().hardLink("b", "nowhere"), "b", "not there");
    }

    @Test
    void devicesAreRefusedButForTheUsualOnes() throws IOException {
        refused(new TarFile().device("disk", 8, 0), "disk", "is a device");
        refused(new TarFile().device("dev/sda", 8, 0), "dev/sda", "is a device");
        open2();
        add(new TarFile().device("dev/null", 1, 3).file("a", "x"));
        assertFalse(Files.exists(root.resolve("dev/null")));
        assertTrue(Files.exists(root.resolve("a")));
    }

    @Test
    void theEntryThatPassesALimitIsNamed() {
        Problem size = assertThrows(
                Problem.class, () -> add(new TarFile().file("small", "x").file("bomb", "x".repeat(2 << 20))));
        assertEquals(Problem.Kind.RESOURCE_EXHAUSTED, size.kind());
        assertTrue(size.getMessage().contains("\"bomb\" of 2097152 bytes"), size.getMessage());
        TarFile many = new TarFile();
        for (int i = 0; i < 200; i++) {
            many.file("f" + i, "");
        }
        Problem count = assertThrows(Problem.class, () -> {
            open2();
            add(many);
        });
        assertTrue(count.getMessage().contains("more than 100 entries, at its entry \"f100\""), count.getMessage());
    }

    @Test
    void whatFollowsTheArchivesEndIsNotReadOnAndOn() {
        byte[] archive = new TarFile().file("a", "a").bytes();
        byte[] padded = Arrays.copyOf(archive, archive.length + (17 << 20));
        Problem problem = assertThrows(
                Problem.class,
                () -> rootfs.add(new StoredLayer("a layer", null, 1, () -> new ByteArrayInputStream(padded))));
        assertTrue(problem.getMessage().contains("behind its end"), problem.getMessage());
    }

    @Test
    void aLinkWithContentIsRefused() {
        byte[] archive = new TarFile()
                .pax("size", "1099511627776".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .symbolicLink("big", "a")
                .bytes();
        Problem problem = assertThrows(
                Problem.class,
                () -> rootfs.add(new StoredLayer("a layer", null, 1, () -> new ByteArrayInputStream(archive))));
        assertTrue(problem.getMessage().contains("\"big\" is no file"), problem.getMessage());
    }

    @Test
    void aLayerWithAnotherDigestIsRefused() {
        byte[] tar = new TarFile().file("a", "x").bytes();
        Problem problem = assertThrows(Problem.class, () -> rootfs.add(layer(tar, "0".repeat(64))));
        assertTrue(problem.getMessage().contains("is damaged: its digest is sha256:"), problem.getMessage());
    }

    @Test
    void aCompressedLayerIsCheckedByTheDigestOfWhatIsStored() throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(stored)) {
            gzip.write(new TarFile().file("a", "x").bytes());
        }
        rootfs.add(layer(stored.toByteArray(), Sha256.of(stored.toByteArray())));
        assertEquals("x", Files.readString(root.resolve("a")));
    }

    @Test
    void aLayerThatEndsInTheMiddleIsRefused() {
        byte[] tar = new TarFile().file("a", "x".repeat(5000)).bytes();
        Problem problem = assertThrows(Problem.class, () -> rootfs.add(layer(Arrays.copyOf(tar, 2000), null)));
        assertTrue(problem.getMessage().contains("the layer cannot be unpacked"), problem.getMessage());
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertThrows(
                Problem.class,
                () -> rootfs.add(layer("hello, this is text".repeat(100).getBytes(), null)));
        assertThrows(Problem.class, () -> {
            open2();
            rootfs.add(layer(new byte[0], null));
        });
    }

    private void open2() throws IOException {
        clear();
        open();
    }

    private void add(TarFile tar) throws IOException {
        rootfs.add(layer(tar.bytes(), null));
    }

    private void refused(TarFile tar, String entry, String reason) {
        Problem problem = assertThrows(Problem.class, () -> add(tar));
        assertTrue(
                problem.getMessage().startsWith("the layer is refused at its entry \"" + entry + "\""),
                problem.getMessage());
        assertTrue(problem.getMessage().contains(reason), problem.getMessage());
    }

    private static StoredLayer layer(byte[] stored, @org.jspecify.annotations.Nullable String sha256) {
        return new StoredLayer("the layer", sha256, stored.length, () -> new ByteArrayInputStream(stored));
    }

    private String stat(String format, String path) {
        return namespace
                .enter(Command.of("stat", "-c", format, root.resolve(path).toString()))
                .succeed()
                .strip();
    }
}
