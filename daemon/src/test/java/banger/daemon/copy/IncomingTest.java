package banger.daemon.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.archive.RawTar;
import banger.daemon.archive.TarEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives as a hostile guest could send them, unpacked for real: nothing may appear outside of the destination. */
class IncomingTest {
    private static final Counter SILENT = new Counter() {
        @Override
        public void entry(TarEntry entry) {}

        @Override
        public void bytes(long count) {}
    };

    @TempDir
    Path top;

    private Path inside;

    @BeforeEach
    void makeSurroundings() throws IOException {
        inside = Files.createDirectory(top.resolve("inside"));
        Files.writeString(top.resolve("victim"), "untouched");
    }

    record Attack(String entry, RawTar archive) {
        @Override
        public String toString() {
            return entry;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack("/tmp/absolute", new RawTar().file("/tmp/absolute", "x")),
                new Attack("../victim", new RawTar().file("../victim", "x")),
                new Attack("a/../../victim", new RawTar().folder("a").file("a/../../victim", "x")),
                new Attack("a/..", new RawTar().folder("a/..")),
                new Attack("through/victim", new RawTar().link("through", "sub").file("through/victim", "x")),
                new Attack("out", new RawTar().link("out", "..").file("out/victim", "x")),
                new Attack("absolute-link", new RawTar().link("absolute-link", "/etc/passwd")),
                new Attack("d/up", new RawTar().folder("d").link("d/up", "../..")),
                new Attack("chained", new RawTar().folder("d").link("l", "d").link("chained", "l/../..")),
                new Attack("l", new RawTar().link("l", "d").file("l", "x")),
                new Attack("l/x", new RawTar().link("l", "d").link("l/x", "y")),
                new Attack("hard", new RawTar().hardLink("hard", "../victim")),
                new Attack("hard2", new RawTar().hardLink("hard2", "/etc/passwd")),
                new Attack("hard3", new RawTar().link("s", "sub").hardLink("hard3", "s/victim")),
                new Attack("hard4", new RawTar().folder("a").link("a/s", "../b").hardLink("hard4", "a/s")),
                new Attack("null", new RawTar().entry('3', "null", "", "")),
                new Attack("disk", new RawTar().entry('4', "disk", "", "")),
                new Attack("pipe", new RawTar().entry('6', "pipe", "", "")),
                new Attack(
                        "10t",
                        new RawTar().pax("size", Long.toString(10L << 40)).header('0', "10t", "", "0")),
                new Attack(
                        "sparse",
                        new RawTar().pax("GNU.sparse.name", "../victim").file("sparse", "x")),
                new Attack("../victim", new RawTar().pax("path", "../victim").file("good", "x")),
                new Attack("good", new RawTar().pax("linkpath", "/etc/passwd").link("good", "fine")),
                new Attack(
                        "n".repeat(256),
                        new RawTar().pax("path", "n".repeat(256)).file("n", "x")),
                new Attack("file/", new RawTar().entry('0', "file/", "", "x")),
                new Attack(".", new RawTar().file(".", "x")));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackIsRefusedByNameAndLeavesNothing(Attack attack) {
        IOException e = assertThrows(
                IOException.class, () -> receive("d\n", attack.archive().ended(), "new", "", false));
        assertTrue(e.getMessage().contains("\"" + attack.entry()), e.getMessage());
        assertTrue(e.getMessage().contains("is refused"), e.getMessage());
        assertEquals(List.of("inside", "victim"), names(top));
        assertEquals(List.of(), names(inside));
        assertEquals("untouched", read(top.resolve("victim")));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackOnAFolderThatExistsLeavesItAsItWas(Attack attack) throws IOException {
        Files.writeString(inside.resolve("mine"), "mine");
        assertThrows(IOException.class, () -> receive("d\n", attack.archive().ended(), "", "", false));
        assertEquals(List.of("mine"), names(inside));
        assertEquals("untouched", read(top.resolve("victim")));
    }

    @Test
    void linksThatPointOutsideComeWhereTheyAreAskedForAndNothingIsWrittenThroughThem() throws IOException {
        receive("d\n", new RawTar().link("l", "../victim").ended(), "new", "", true);
        assertEquals(Path.of("../victim"), Files.readSymbolicLink(inside.resolve("new/l")));
        IOException e = assertThrows(
                IOException.class,
                () -> receive(
                        "d\n",
                        new RawTar().link("l", "..").file("l/victim", "x").ended(),
                        "other",
                        "",
                        true));
        assertTrue(e.getMessage().contains("\"l/victim\" is refused"), e.getMessage());
        assertEquals("untouched", read(top.resolve("victim")));
    }

    @Test
    void aMergeWritesThroughNoLinkOfTheHostEither() throws IOException {
        Files.createSymbolicLink(inside.resolve("link"), top);
        IOException e = assertThrows(
                IOException.class,
                () -> receive(
                        "d\n",
                        new RawTar().folder("link").file("link/victim", "x").ended(),
                        "",
                        "",
                        false));
        assertTrue(e.getMessage().contains("\"link\" is refused"), e.getMessage());
        assertTrue(e.getMessage().contains("symbolic link"), e.getMessage());
        assertEquals("untouched", read(top.resolve("victim")));
        // The host's tar makes folders that have no entry of their own.
        e = assertThrows(
                IOException.class,
                () -> receive("d\n", new RawTar().file("link/victim", "x").ended(), "", "", false));
        assertTrue(e.getMessage().contains("\"link/victim\" is refused"), e.getMessage());
        assertEquals("untouched", read(top.resolve("victim")));
    }

    @Test
    void aFileThatReplacesALinkReplacesTheLinkItself() throws IOException {
        Files.createSymbolicLink(inside.resolve("l"), top.resolve("victim"));
        receive("d\n", new RawTar().file("l", "new").ended(), "", "", false);
        assertEquals("new", read(inside.resolve("l")));
        assertFalse(Files.isSymbolicLink(inside.resolve("l")));
        receive("f\n", new RawTar().file("x", "newer").ended(), "l", "", false);
        assertEquals("newer", read(inside.resolve("l")));
        assertEquals("untouched", read(top.resolve("victim")));
    }

    @Test
    void setIdBitsAreNotTaken() throws IOException {
        byte[] archive = new RawTar().file("suid", "x").bytesEnded();
        System.arraycopy("0004755".getBytes(), 0, archive, 100, 7);
        sumAnew(archive);
        receive("d\n", new ByteArrayInputStream(archive), "new", "", false);
        assertEquals(0755, (int) Files.getAttribute(inside.resolve("new/suid"), "unix:mode") & 07777);
    }

    @Test
    void namesThatAreNoTextInUtf8ComeAsTheyAre() throws Exception {
        receive("d\n", new RawTar().file("bad\u00ff\u0001\nname", "x").ended(), "new", "", false);
        Process ls = new ProcessBuilder("sh", "-c", "printf '%s|' *")
                .directory(inside.resolve("new").toFile())
                .start();
        assertEquals("bad\u00ff\u0001\nname|", new String(ls.getInputStream().readAllBytes(), "ISO-8859-1"));
    }

    @Test
    void aStreamThatBreaksOffLeavesNothing() {
        byte[] whole = new RawTar().folder(".").file("a", "x".repeat(5000)).bytesEnded();
        for (int length = 0; length < whole.length; length += 512) {
            InputStream cut = new ByteArrayInputStream(whole, 0, length);
            assertThrows(IOException.class, () -> receive("d\n", cut, "new", "", false), "cut after " + length);
            assertEquals(List.of(), names(inside));
        }
    }

    @Test
    void oneFileIsAllThatComesWhereOneWasAskedFor() {
        for (RawTar archive : List.of(
                new RawTar().file("a", "x").file("b", "y"),
                new RawTar().folder("a"),
                new RawTar().link("a", "b"),
                new RawTar())) {
            assertThrows(IOException.class, () -> receive("f\n", archive.ended(), "new", "", false));
            assertEquals(List.of(), names(inside));
        }
        assertThrows(
                IOException.class,
                () -> receive("?\n", new RawTar().file("a", "").ended(), "new", "", false));
    }

    @Test
    void foldersMergeAndKeepWhatOnlyTheHostHas() throws IOException {
        Path there = Files.createDirectories(inside.resolve("copy/sub"));
        Files.writeString(there.resolve("mine"), "mine");
        Files.writeString(there.resolve("both"), "old");
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));
        receive(
                "d\n",
                new RawTar()
                        .folder("sub")
                        .file("sub/both", "new")
                        .file("sub/theirs", "t")
                        .ended(),
                "",
                "copy",
                false);
        assertEquals(List.of("both", "mine", "theirs"), names(there));
        assertEquals("new", read(there.resolve("both")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(there)));
    }

    /** What the guest's script sends first, then the archive. */
    private void receive(String kind, InputStream archive, String to, String name, boolean outwardLinks)
            throws IOException {
        var in = new SequenceInputStream(new ByteArrayInputStream(kind.getBytes()), archive);
        try (HostPlace place =
                new Incoming(in, outwardLinks, SILENT).unpack(inside.resolve(to).toString(), name)) {
            place.publish();
        }
    }

    private static void sumAnew(byte[] header) {
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += header[i] & 0xff;
        }
        byte[] text = ("%06o\0 ".formatted(sum)).getBytes();
        System.arraycopy(text, 0, header, 148, 8);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
