package banger.daemon.oci;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import land.oras.ContainerRef;
import land.oras.Registry;

/** The parts of an image in a registry, each checked against its digest before it is used. For one caller. */
final class RemoteBlobs implements Blobs {
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Registry registry;
    private final ContainerRef ref;
    private final String name;
    private final Path folder;
    private final RegistryCalls calls;
    private final long mostBytes;
    private final Progress progress;
    private long claimed;

    /** @param folder for its layers @param mostBytes what all of its layers may have, as they are stored */
    RemoteBlobs(
            Registry registry,
            ContainerRef ref,
            String name,
            Path folder,
            RegistryCalls calls,
            long mostBytes,
            Progress progress) {
        this.registry = registry;
        this.ref = ref;
        this.name = name;
        this.folder = folder;
        this.calls = calls;
        this.mostBytes = mostBytes;
        this.progress = progress;
    }

    @Override
    public byte[] manifest(String digest) throws IOException {
        String what = name + "'s manifest " + digest;
        Digests.hex(digest, what);
        String json =
                calls.run(() -> registry.getDescriptor(ref.withDigest(digest))).getJson();
        return Digests.checked(json.getBytes(StandardCharsets.UTF_8), digest, what);
    }

    @Override
    public byte[] configuration(String digest) throws IOException {
        String what = name + "'s configuration " + digest;
        Digests.hex(digest, what);
        try (InputStream in = calls.run(() -> registry.fetchBlob(ref.withDigest(digest)))) {
            byte[] read = calls.run(() -> calls.watched(in).readNBytes(MAX_DOCUMENT_BYTES));
            return Digests.checked(read, digest, what);
        }
    }

    @Override
    public StoredLayer layer(String digest, long bytes) throws IOException {
        String what = name + "'s layer " + digest;
        String hex = Digests.hex(digest, what);
        if (bytes < 0 || bytes > mostBytes - claimed) {
            throw new Problem(
                    Problem.Kind.RESOURCE_EXHAUSTED,
                    name + " has more than " + mostBytes + " bytes, at its layer " + digest + " of " + bytes + " bytes",
                    "set import.max_size in config.toml, if you trust the image");
        }
        claimed += bytes;
        Path file = folder.resolve(hex);
        if (!Files.exists(file)) {
            fetch(digest, what, bytes, file);
        }
        // What was fetched has been checked.
        return new StoredLayer(what, null, Files.size(file), () -> Files.newInputStream(file));
    }

    private void fetch(String digest, String what, long bytes, Path file) throws IOException {
        Files.createDirectories(folder);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        MessageDigest sha256 = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        long fetched = 0;
        progress.stage("fetch", "fetching layer " + digest);
        try (InputStream in = calls.run(() -> registry.fetchBlob(ref.withDigest(digest)));
                OutputStream out = Files.newOutputStream(part)) {
            int read;
            while ((read = read(in, buffer, what, fetched, bytes)) >= 0) {
                fetched += read;
                if (fetched > bytes) {
                    throw new Problem(
                            Problem.Kind.FAILED, what + " has more than the " + bytes + " bytes that it should");
                }
                sha256.update(buffer, 0, read);
                out.write(buffer, 0, read);
                progress.progress(fetched, bytes, "bytes");
            }
        }
        String found = "sha256:" + HexFormat.of().formatHex(sha256.digest());
        if (!found.equals(digest)) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    what + " is damaged: " + fetched + " of " + bytes + " bytes came, with the digest " + found);
        }
        Files.move(part, file);
    }

    private int read(InputStream in, byte[] buffer, String what, long fetched, long bytes) {
        try {
            return calls.run(() -> in.read(buffer));
        } catch (IOException e) {
            throw DiskFull.orFailed(e, "fetching " + what + ", of which " + fetched + " of " + bytes + " bytes came,");
        }
    }
}
