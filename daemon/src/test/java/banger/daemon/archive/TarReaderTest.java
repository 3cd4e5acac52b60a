package banger.daemon.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.archive.TarEntry.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pax", "gnu", "ustar"})
    void whatTheHostsTarWritesIsReadAsItIs(String format) throws Exception {
        Path tree = Files.createDirectory(folder.resolve("t"));
        Files.writeString(tree.resolve("a"), "content");
        Files.createSymbolicLink(tree.resolve("l"), Path.of("a"));
        Files.createLink(tree.resolve("z"), tree.resolve("a"));
        Path deep = Files.createDirectories(tree.resolve("d".repeat(90)).resolve("e".repeat(60)));
        Files.writeString(deep.resolve("f".repeat(90)), "");
        byte[] archive = run(tree, "tar", "-c", "--sort=name", "--format=" + format, "-f", "-", ".");
        List<String> found = new ArrayList<>();
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            found.add(entry.kind() + " " + entry.name() + " " + entry.link() + " " + content(reader));
        }
        String longName = "./" + "d".repeat(90) + "/" + "e".repeat(60) + "/";
        assertEquals(
                List.of(
                        "FOLDER ./  ",
                        "FILE ./a  content",
                        "FOLDER ./" + "d".repeat(90) + "/  ",
                        "FOLDER " + longName + "  ",
                        "FILE " + longName + "f".repeat(90) + "  ",
                        "SYMBOLIC_LINK ./l a ",
                        "HARD_LINK ./z ./a "),
                found);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadBack(TarWriter.Form form) throws IOException {
        Random random = new Random(42);
        List<TarEntry> entries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            boolean linked = kind == Kind.SYMBOLIC_LINK || kind == Kind.HARD_LINK;
            entries.add(new TarEntry(
                    kind,
                    name(random),
                    linked ? name(random) : "",
                    random.nextInt(010000),
                    kind == Kind.FILE ? random.nextInt(3000) : 0,
                    random.nextLong(-1L << 34, 1L << 34),
                    form == TarWriter.Form.PAX ? random.nextInt(1_000_000_000) : 0));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(out, form);
        for (TarEntry entry : entries) {
            writer.put(entry);
            writer.content().write(new byte[(int) entry.size()]);
        }
        writer.finish();
        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
        for (TarEntry entry : entries) {
            assertEquals(entry, reader.next());
            assertEquals(entry.size(), content(reader).length());
        }
        assertNull(reader.next());
    }

    @Test
    void sizesBeyondOctalDigitsAreWrittenAndRead() throws IOException {
        TarEntry huge = new TarEntry(Kind.FILE, "huge", "", 0644, 10L << 40, 0, 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TarWriter(out, TarWriter.Form.PAX).put(huge);
        assertEquals(huge, new TarReader(new ByteArrayInputStream(out.toByteArray())).next());
    }

    @ParameterizedTest
    @ValueSource(chars = {'3', '4', '6', '7', 'S', 'V', 'M', 'g', 'D', 'Z'})
    void anEntryThatIsNeitherFileFolderNorLinkIsRefusedByItsName(char type) {
        IOException e = refused(
                new RawTar().file("good", "").entry(type, "dev/odd", "", "").ended());
        assertTrue(e.getMessage().contains("\"dev/odd\" is refused"), e.getMessage());
    }

    @Test
    void holesAreRefusedInEveryForm() {
        assertTrue(refused(new RawTar()
                        .pax("GNU.sparse.major", "1")
                        .file("holes", "")
                        .ended())
                .getMessage()
                .contains("\"holes\" is refused: it is stored with holes"));
        assertTrue(refused(new RawTar()
                        .pax("GNU.sparse.realsize", "10995116277760")
                        .file("holes", "")
                        .ended())
                .getMessage()
                .contains("holes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e30", "99999999999999999999999", "x", "", "1.5"})
    void aSizeThatIsNoneIsRefused(String size) {
        assertTrue(refused(new RawTar().pax("size", size).file("f", "").ended())
                .getMessage()
                .contains("\"f\""));
    }

    @Test
    void aNegativeBinarySizeIsRefused() {
        String minusOne = "\u00ff".repeat(12);
        assertTrue(refused(new RawTar().header('0', "f", "", minusOne).ended())
                .getMessage()
                .contains("negative"));
        String tooLarge = "\u0080\u0000\u0000\u0001" + "\u0000".repeat(8);
        assertTrue(refused(new RawTar().header('0', "f", "", tooLarge).ended())
                .getMessage()
                .contains("range"));
    }

    @Test
    void anArchiveThatEndsTooEarlyIsNotTaken() {
        byte[] whole = new RawTar().file("a", "x".repeat(700)).file("b", "y").bytesEnded();
        for (int length = 0; length < whole.length; length += 100) {
            InputStream cut = new ByteArrayInputStream(Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> readAll(cut), "cut after " + length);
        }
    }

    @Test
    void whatComesBehindTheEndIsBounded() {
        byte[] whole = new RawTar().file("a", "").bytesEnded();
        InputStream endless = new java.io.SequenceInputStream(new ByteArrayInputStream(whole), new Zeros());
        assertTrue(refused(endless).getMessage().contains("behind the archive's end"));
    }

    @Test
    void anExtendedHeaderIsBounded() {
        InputStream endless = new java.io.SequenceInputStream(
                new ByteArrayInputStream(
                        new RawTar().header('x', "x", "", "77777777777").bytesSoFar()),
                new Zeros());
        assertTrue(refused(endless).getMessage().contains("extended header"));
    }

    @Test
    void noiseIsNotAnArchive() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(5000)];
            random.nextBytes(noise);
            assertThrows(IOException.class, () -> readAll(new ByteArrayInputStream(noise)));
        }
    }

    @Test
    void damagedArchivesEndInAnErrorOrInEntriesAndNothingElse() {
        Random random = new Random(11);
        byte[] whole = new RawTar()
                .pax("mtime", "12.5")
                .file("a", "x".repeat(600))
                .link("l", "a")
                .folder("d")
                .bytesEnded();
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(1, 8); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                readAll(new ByteArrayInputStream(damaged));
            } catch (IOException e) {
                assertNotNull(e.getMessage());
            }
        }
    }

    private static IOException refused(InputStream archive) {
        return assertThrows(IOException.class, () -> readAll(archive));
    }

    private static void readAll(InputStream archive) throws IOException {
        TarReader reader = new TarReader(archive);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            content(reader);
        }
    }

    private static String content(TarReader reader) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.copyContent(out, count -> {});
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Any bytes but zero, of every length that is told in another way. */
    private static String name(Random random) {
        byte[] bytes = new byte[random.nextInt(1, 300)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(1, 256);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] run(Path in, String... argv) throws Exception {
        Process process = new ProcessBuilder(argv).directory(in.toFile()).start();
        byte[] out = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return out;
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }
    }
}
