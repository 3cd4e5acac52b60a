package banger.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an import refuses, and that it leaves nothing: the message names the archive and its entry. */
class BadArchiveTest {
    /** Writes archives that tar itself would not. */
    private static final String WRITER = """
            import io, sys, tarfile
            def write(name, *entries, mode='w'):
                with tarfile.open(sys.argv[1] + '/' + name, mode) as out:
                    for path, kind, size in entries:
                        info = tarfile.TarInfo(path)
                        info.type, info.size, info.devmajor, info.devminor = kind, size, 8, 1
                        if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE): info.linkname, info.size = '/etc/passwd-', 0
                        out.addfile(info, io.BytesIO(b'0' * size))
            F, D = tarfile.REGTYPE, tarfile.DIRTYPE
            write('up.tar', ('bin', D, 0), ('bin/../../escaped', F, 5))
            write('absolute.tar', ('bin', D, 0), ('/etc/escaped', F, 5))
            write('device.tar', ('bin', D, 0), ('bin/disk', tarfile.BLKTYPE, 0))
            write('link.tar', ('bin', D, 0), ('bin/hard', tarfile.LNKTYPE, 0))
            write('bomb.tar.gz', ('bin', D, 0), ('bin/bomb', F, 30 << 20), mode='w:gz')
            write('many.tar', *(('file%d' % number, F, 1) for number in range(200)))
            write('cut.tar', ('bin', D, 0), ('bin/large', F, 1 << 20))
            """;

    @RegisterExtension
    static final Home HOME = Home.withImage();

    private static Path folder;

    @BeforeAll
    static void writeArchives() throws IOException {
        HOME.configure("[import]\nmax_size = \"20MiB\"\nmax_entries = 100\n");
        folder = Files.createDirectories(HOME.folder().resolve("bad"));
        Command.ok("python3", "-c", WRITER, folder.toString());
        Path cut = folder.resolve("cut.tar");
        try (var file = new java.io.RandomAccessFile(cut.toFile(), "rw")) {
            file.setLength(600_000);
        }
    }

    private static Outcome refused(Path source, String... words) {
        return HOME.banger("image", "import", source.toString(), "--name", "bad")
                .fails(1, words);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals("debian", HOME.banger("image", "list", "-q").text());
        HOME.assertNothingLeftOver();
        try (Stream<Path> scratch = Files.list(HOME.data().resolve("tmp"))) {
            assertEquals(0, scratch.count());
        }
        assertTrue(Files.notExists(HOME.folder().resolve("escaped")) && Files.notExists(Path.of("/etc/escaped")));
    }

    @Test
    void namesThatLeadOutOfTheArchiveAreRefused() {
        refused(folder.resolve("up.tar"), "up.tar", "bin/../../escaped");
        refused(folder.resolve("absolute.tar"), "absolute.tar", "/etc/escaped");
        refused(folder.resolve("link.tar"), "link.tar", "bin/hard");
    }

    @Test
    void devicesAreRefused() {
        refused(folder.resolve("device.tar"), "device.tar", "bin/disk");
    }

    @Test
    void whatUnpacksToTooMuchIsRefusedWithTheLimitsName() {
        refused(folder.resolve("bomb.tar.gz"), "bin/bomb", "20971520 bytes", "import.max_size");
        refused(folder.resolve("many.tar"), "file100", "100 entries", "import.max_entries");
    }

    @Test
    void whatIsCutOffOrOfAnotherFormatIsRefused() throws IOException {
        refused(folder.resolve("cut.tar"), "cut.tar");
        refused(Files.writeString(folder.resolve("text"), "not an archive\n".repeat(100)), "text", "no tar archive");
        refused(Files.createDirectories(folder.resolve("empty")), "empty", "index.json");
        refused(folder.resolve("nowhere.tar"), "nowhere.tar");
    }

    @Test
    void aLayerWithAnotherDigestIsRefused() throws IOException {
        Path layout = ContainerImage.in(folder).layout();
        Path largest;
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            largest = blobs.max(java.util.Comparator.comparingLong(
                            blob -> blob.toFile().length()))
                    .orElseThrow();
        }
        // The last four bytes of a gzip file are the length of what it holds.
        try (var blob = new java.io.RandomAccessFile(largest.toFile(), "rw")) {
            blob.seek(blob.length() / 2);
            int before = blob.read();
            blob.seek(blob.length() / 2);
            blob.write(before ^ 1);
        }
        refused(layout, largest.getFileName().toString());
    }

    @Test
    void packagesThatAreNoKernelAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.xbps"), "not a package\n".repeat(100));
        String kernels = HOME.banger("kernel", "list", "-q").text();
        HOME.banger("kernel", "import", "--xbps", text.toString()).fails(1, "text.xbps");
        HOME.banger("kernel", "import", "--deb", text.toString()).fails(1, "text.xbps");
        HOME.banger("kernel", "import", "--vmlinux", text.toString(), "--modules", folder.toString())
                .fails(1, "modules.builtin");
        assertEquals(kernels, HOME.banger("kernel", "list", "-q").text());
    }
}
