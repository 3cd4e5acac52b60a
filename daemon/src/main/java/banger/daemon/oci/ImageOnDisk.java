package banger.daemon.oci;

import banger.daemon.archive.Decompression;
import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.ImportLimits;
import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An image in files of the user's: an OCI layout, as a folder or a tar; docker save's tar; a root file system's tar.
 *
 * @param scratch a folder for what has to be unpacked; it stays as long as the image is read
 */
public record ImageOnDisk(Path scratch, ImportLimits limits, Progress progress) {
    private static final Pattern OF_IMAGES =
            Pattern.compile("oci-layout|index\\.json|manifest\\.json|repositories|blobs(/sha256(/[0-9a-f]{64})?)?"
                    + "|[0-9a-f]{64}(\\.json|/(layer\\.tar|json|VERSION))?");
    /** How engines but docker name layers and configurations, which manifest.json tells. */
    private static final Pattern BESIDE_MANIFEST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:+-]{0,199}");

    private static final int MAX_LIST_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    /** Opens the image at that path. @throws Problem where there is none that can be read */
    public OciImage open(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            return layout(source, source.toString());
        }
        if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
            throw new Problem(Problem.Kind.NOT_FOUND, "there is no file or folder " + source + " that can be read");
        }
        if (!holdsImages(source)) {
            return OciImage.of(
                    new StoredLayer(source.toString(), null, Files.size(source), () -> Files.newInputStream(source)));
        }
        Path folder = Files.createDirectories(scratch.resolve("archive"));
        unpack(source, folder);
        return Files.exists(folder.resolve("index.json"))
                ? layout(folder, source.toString())
                : dockerSave(folder, source.toString());
    }

    /**
     * Whether the archive is one of images. It need not be read far: such have few names, in the folders of images or in
     * none; a root file system soon comes to a folder of another name.
     */
    private boolean holdsImages(Path source) throws IOException {
        try (var tar = new TarArchiveInputStream(Decompression.of(Files.newInputStream(source)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                progress.checkCancelled();
                String name = clean(entry.getName());
                if (OF_IMAGES.matcher(name).matches()) {
                    return true;
                } else if (!name.isEmpty() && !mayBeBesideManifest(name, entry)) {
                    return false;
                }
            }
            return false;
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Problem.Kind.FAILED, source + " is no tar archive: " + e.getMessage(), null, e);
        }
    }

    private static boolean mayBeBesideManifest(String name, TarArchiveEntry entry) {
        return entry.isFile() && BESIDE_MANIFEST.matcher(name).matches();
    }

    private static String clean(String name) {
        return name.replaceFirst("^(\\./+)+", "").replaceFirst("/+$", "").replaceFirst("^\\.$", "");
    }

    private void unpack(Path source, Path folder) throws IOException {
        Map<String, String> links = new HashMap<>();
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        try (var tar = new TarArchiveInputStream(Decompression.of(Files.newInputStream(source)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                progress.checkCancelled();
                String name = clean(entry.getName());
                if (name.isEmpty()) {
                    continue;
                }
                if (!OF_IMAGES.matcher(name).matches() && !mayBeBesideManifest(name, entry)) {
                    throw refused(source, entry.getName(), "archives of images hold no such file");
                } else if (entry.isSymbolicLink()) {
                    links.put(
                            name,
                            Path.of(name)
                                    .resolveSibling(entry.getLinkName())
                                    .normalize()
                                    .toString());
                } else if (entry.isFile() && !entry.isLink()) {
                    bytes += entry.getRealSize();
                    if (bytes > limits.bytes() || bytes < 0) {
                        throw new Problem(
                                Problem.Kind.RESOURCE_EXHAUSTED,
                                source + " unpacks to more than " + limits.bytes() + " bytes, at its entry \"" + name
                                        + "\" of " + entry.getRealSize() + " bytes",
                                "set import.max_size in config.toml, if you trust the image");
                    }
                    copy(tar, folder.resolve(name), buffer);
                } else if (!entry.isDirectory()) {
                    throw refused(source, entry.getName(), "it is neither file nor folder");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Problem.Kind.FAILED, source + " cannot be unpacked: " + Decompression.fault(e), null, e);
        }
        link(source, folder, links);
    }

    private static void copy(TarArchiveInputStream tar, Path file, byte[] buffer) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            int read;
            while ((read = tar.read(buffer)) > 0) {
                out.write(buffer, 0, read);
            }
        }
    }

    /** docker save names a layer that images share by a link to the first one's. */
    private static void link(Path source, Path folder, Map<String, String> links) throws IOException {
        for (var link : links.entrySet()) {
            Path target = folder.resolve(link.getValue()).normalize();
            if (!target.startsWith(folder) || !Files.isRegularFile(target)) {
                throw refused(source, link.getKey(), "it links to " + link.getValue());
            }
            Files.createDirectories(folder.resolve(link.getKey()).getParent());
            Files.createLink(folder.resolve(link.getKey()), target);
        }
    }

    private static Problem refused(Path source, String entry, String reason) {
        return new Problem(
                Problem.Kind.FAILED,
                source + " is refused at its entry \"" + entry.replaceAll("\\p{Cntrl}", "?") + "\": " + reason);
    }

    private OciImage layout(Path folder, String name) throws IOException {
        Path index = folder.resolve("index.json");
        if (!Files.isRegularFile(index)) {
            throw new Problem(Problem.Kind.FAILED, name + " is no OCI layout: it has no index.json");
        }
        return new ImageReader(new LayoutBlobs(folder, name), name).read(list(index, name));
    }

    private OciImage dockerSave(Path folder, String name) throws IOException {
        ImageReader reader = new ImageReader(new LayoutBlobs(folder, name), name);
        List<OciJson.DockerImage> images =
                reader.parse(OciJson.DOCKER_IMAGES, list(within(folder, "manifest.json", name), name), "manifest.json");
        if (images.size() != 1) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    name + " holds " + images.size() + " images, expected one",
                    "docker save IMAGE > FILE, with one image");
        }
        OciJson.DockerImage image = images.getFirst();
        OciJson.Config config =
                reader.parse(OciJson.CONFIG, list(within(folder, image.config(), name), name), "configuration");
        reader.checkArchitecture(config);
        List<String> ids = config.rootfs() == null || config.rootfs().diffIds() == null
                ? List.of()
                : config.rootfs().diffIds();
        List<String> files = image.layers() == null ? List.of() : image.layers();
        if (files.isEmpty() || ids.size() != files.size()) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    name + " names " + files.size() + " layers, and its configuration " + ids.size());
        }
        List<StoredLayer> layers = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = within(folder, files.get(i), name);
            String what = name + "'s layer " + files.get(i);
            // The configuration names a layer by the digest of its content, and some engines store it compressed.
            layers.add(new StoredLayer(
                    what,
                    Digests.hex(ids.get(i), what),
                    Files.size(file),
                    () -> Decompression.of(Files.newInputStream(file))));
        }
        return ImageReader.image(layers, config.config());
    }

    private static Path within(Path folder, @Nullable String file, String name) {
        Path path = folder.resolve(file == null ? "" : file).normalize();
        if (file == null || !path.startsWith(folder) || !Files.isRegularFile(path)) {
            throw new Problem(Problem.Kind.FAILED, name + " lacks a file that it names: " + file);
        }
        return path;
    }

    private static byte[] list(Path file, String name) throws IOException {
        if (Files.size(file) > MAX_LIST_BYTES) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    name + "'s " + file.getFileName() + " has more than " + MAX_LIST_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
