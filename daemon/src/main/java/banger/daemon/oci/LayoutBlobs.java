package banger.daemon.oci;

import banger.daemon.problem.Problem;
import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The blobs of an OCI layout on disk. */
record LayoutBlobs(Path folder, String name) implements Blobs {
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;

    @Override
    public byte[] manifest(String digest) throws IOException {
        return configuration(digest);
    }

    @Override
    public byte[] configuration(String digest) throws IOException {
        String what = name + "'s blob " + digest;
        Path file = file(digest, what);
        if (Files.size(file) > MAX_DOCUMENT_BYTES) {
            throw new Problem(Problem.Kind.FAILED, what + " has more than " + MAX_DOCUMENT_BYTES + " bytes");
        }
        return Digests.checked(Files.readAllBytes(file), digest, what);
    }

    @Override
    public StoredLayer layer(String digest, long bytes) throws IOException {
        String what = name + "'s layer " + digest;
        Path file = file(digest, what);
        return new StoredLayer(what, Digests.hex(digest, what), Files.size(file), () -> Files.newInputStream(file));
    }

    private Path file(String digest, String what) {
        Path file = folder.resolve("blobs/sha256").resolve(Digests.hex(digest, what));
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(Problem.Kind.FAILED, what + " is missing");
        }
        return file;
    }
}
