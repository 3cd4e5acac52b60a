package banger.daemon.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.operation.Progress;
import banger.daemon.os.Command;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import banger.daemon.rootfs.TarFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageOnDiskTest {
    private static final byte[] LAYER = new TarFile().file("bin/sh", "shell").bytes();
    private static final String RUN = "\"config\":{\"User\":\"bob:staff\",\"Env\":[\"A=1\",\"B=x=y\",\"odd\"],"
            + "\"Entrypoint\":[\"/bin/sh\"],\"Cmd\":[\"-c\",\"true\"],\"WorkingDir\":\"/srv\","
            + "\"ExposedPorts\":{\"8080/tcp\":{},\"53/udp\":{},\"22\":{}}}";

    @TempDir
    Path folder;

    private Path layout;
    private ImageOnDisk images;

    @BeforeEach
    void open() throws IOException {
        layout = Files.createDirectories(folder.resolve("layout"));
        Files.createDirectories(layout.resolve("blobs/sha256"));
        images = new ImageOnDisk(folder.resolve("scratch"), new ImportLimits(1 << 20, 100), Progress.NONE);
    }

    @Test
    void aLayoutGivesItsLayersAndWhatItWouldRun() throws IOException {
        index(image("amd64", LAYER), "amd64");
        OciImage image = images.open(layout);
        assertEquals(Map.of("A", "1", "B", "x=y"), image.environment());
        assertEquals("bob:staff", image.user());
        assertEquals("/srv", image.folder());
        assertEquals(List.of("/bin/sh", "-c", "true"), image.entrypoint());
        assertEquals(List.of(22, 8080), image.ports());
        assertArrayEquals(LAYER, image.layers().getFirst().opener().open().readAllBytes());
        assertEquals(Sha256.of(LAYER), image.layers().getFirst().sha256());
    }

    @Test
    void aLayoutInATarIsTheSame() throws IOException {
        index(image("amd64", LAYER), "amd64");
        Path tar = tar(layout);
        assertEquals(Sha256.of(LAYER), images.open(tar).layers().getFirst().sha256());
    }

    @Test
    void dockerSavesTarIsRead() throws IOException {
        String id = "a".repeat(64);
        Path saved = Files.createDirectories(folder.resolve("saved"));
        Files.createDirectories(saved.resolve(id));
        Files.write(saved.resolve(id + "/layer.tar"), LAYER);
        Files.writeString(
                saved.resolve(id + ".json"),
                "{\"architecture\":\"amd64\"," + RUN + ",\"rootfs\":{\"diff_ids\":[\"sha256:" + Sha256.of(LAYER)
                        + "\"]}}");
        Files.writeString(
                saved.resolve("manifest.json"),
                "[{\"Config\":\"" + id + ".json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"" + id + "/layer.tar\"]}]");
        OciImage image = images.open(tar(saved));
        assertEquals(List.of("/bin/sh", "-c", "true"), image.entrypoint());
        assertEquals(Sha256.of(LAYER), image.layers().getFirst().sha256());
    }

    @ParameterizedTest
    @CsvSource({"sha256:ID, LAYER.tar.gz", "ID.json, LAYER.tar", "config.json, LAYER.tar.gz"})
    void theArchivesOfOtherEnginesAreReadWhateverComesFirst(String config, String layer) throws IOException {
        String id = "c".repeat(64);
        String configName = config.replace("ID", id);
        String layerName = layer.replace("LAYER", Sha256.of(LAYER));
        Path tar = Files.write(
                folder.resolve("other.tar"),
                new TarFile()
                        .file(layerName, new String(LAYER, StandardCharsets.ISO_8859_1))
                        .file(
                                configName,
                                "{\"architecture\":\"amd64\"," + RUN + ",\"rootfs\":{\"diff_ids\":[\"sha256:"
                                        + Sha256.of(LAYER) + "\"]}}")
                        .file(
                                "manifest.json",
                                "[{\"Config\":\"" + configName + "\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"" + layerName
                                        + "\"]}]")
                        .bytes());
        OciImage image = images.open(tar);
        assertEquals(List.of("/bin/sh", "-c", "true"), image.entrypoint());
        assertEquals(Sha256.of(LAYER), image.layers().getFirst().sha256());
    }

    @Test
    void aRootFileSystemMayBeginWithAFile() throws IOException {
        Path tar = Files.write(
                folder.resolve("rootfs.tar"),
                new TarFile()
                        .file("init", "program")
                        .file("bin/sh", "shell")
                        .file("manifest.json", "{}")
                        .bytes());
        assertEquals(List.of(), images.open(tar).entrypoint());
    }

    @Test
    void anythingElseInATarIsARootFileSystem() throws IOException {
        Path tar = Files.write(folder.resolve("rootfs.tar"), LAYER);
        OciImage image = images.open(tar);
        assertEquals(1, image.layers().size());
        assertEquals(List.of(), image.entrypoint());
    }

    @Test
    void anIndexWithoutThisArchitectureIsRefused() throws IOException {
        index(image("s390x", LAYER), "s390x");
        refused(layout, "is not for this machine: expected linux/amd64, found linux/s390x");
    }

    @Test
    void anImageThatClaimsTheWrongArchitectureIsRefused() throws IOException {
        index(image("s390x", LAYER), "amd64");
        refused(layout, "is not for this machine: expected linux/amd64, found s390x");
    }

    @Test
    void aDocumentWithAnotherDigestIsRefused() throws IOException {
        String manifest = image("amd64", LAYER);
        index(manifest, "amd64");
        Files.writeString(layout.resolve("blobs/sha256").resolve(manifest), "{}");
        refused(layout, "is damaged: its digest is");
    }

    @Test
    void aDigestThatIsAPathIsRefused() throws IOException {
        index("../../../../etc/passwd", "amd64");
        refused(layout, "expected sha256: and 64 hex digits");
    }

    @Test
    void aMissingBlobIsNamed() throws IOException {
        String manifest = image("amd64", LAYER);
        index(manifest, "amd64");
        Files.delete(layout.resolve("blobs/sha256").resolve(Sha256.of(LAYER)));
        refused(layout, "layer sha256:" + Sha256.of(LAYER) + " is missing");
    }

    @Test
    void anArchiveOfImagesThatHoldsOtherFilesIsRefused() throws IOException {
        Path tar = Files.write(
                folder.resolve("a.tar"),
                new TarFile()
                        .file("oci-layout", "{}")
                        .file("../../etc/cron.d/x", "x")
                        .bytes());
        refused(tar, "is refused at its entry \"../../etc/cron.d/x\"");
    }

    @Test
    void aLinkOutOfDockerSavesTarIsRefused() throws IOException {
        String id = "b".repeat(64);
        Path tar = Files.write(
                folder.resolve("a.tar"),
                new TarFile()
                        .file("repositories", "{}")
                        .symbolicLink(id + "/layer.tar", "../../../../etc/passwd")
                        .bytes());
        refused(tar, "is refused at its entry \"" + id + "/layer.tar\"");
    }

    @Test
    void anArchiveThatUnpacksToTooMuchIsRefused() throws IOException {
        Path tar = Files.write(
                folder.resolve("a.tar"),
                new TarFile()
                        .file("oci-layout", "{}")
                        .file("index.json", "x".repeat(2 << 20))
                        .bytes());
        refused(tar, "unpacks to more than 1048576 bytes, at its entry \"index.json\"");
    }

    @Test
    void textAndNothingAreNoArchives() throws IOException {
        refused(Files.writeString(folder.resolve("a.tar"), "hello ".repeat(500)), "is no tar archive");
        refused(folder.resolve("missing"), "there is no file or folder");
        refused(Files.createDirectory(folder.resolve("empty")), "is no OCI layout");
    }

    private void refused(Path source, String expected) {
        Problem problem = assertThrows(Problem.class, () -> images.open(source));
        assertTrue(problem.getMessage().contains(expected), problem.getMessage());
    }

    private static Path tar(Path folder) {
        Path tar = folder.resolveSibling(folder.getFileName() + ".tar");
        Command.of("tar", "-cf", tar.toString(), "-C", folder.toString(), ".").succeed();
        return tar;
    }

    /** Answers the manifest's digest. */
    private String image(String architecture, byte[] layer) throws IOException {
        String config = blob(("{\"architecture\":\"" + architecture + "\",\"os\":\"linux\"," + RUN + "}")
                .getBytes(StandardCharsets.UTF_8));
        return blob(("{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:" + config + "\",\"size\":1},"
                        + "\"layers\":[{\"digest\":\"sha256:" + blob(layer) + "\",\"size\":" + layer.length + "}]}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private void index(String manifest, String architecture) throws IOException {
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:" + manifest + "\",\"size\":1,\"platform\":"
                        + "{\"architecture\":\"" + architecture + "\",\"os\":\"linux\"}}]}");
    }

    private String blob(byte[] content) throws IOException {
        String digest = Sha256.of(content);
        Files.write(layout.resolve("blobs/sha256").resolve(digest), content);
        return digest;
    }
}
