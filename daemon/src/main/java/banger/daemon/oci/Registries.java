package banger.daemon.oci;

import banger.daemon.operation.Progress;
import banger.daemon.os.DiskFull;
import banger.daemon.os.Sha256;
import banger.daemon.problem.Problem;
import banger.daemon.rootfs.StoredLayer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import land.oras.ContainerRef;
import land.oras.Registry;
import land.oras.exception.OrasException;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from registries. Credentials are those that docker or podman have stored for the user; a registry on a
 * loopback address is spoken to without TLS, as they do.
 *
 * @param caCertificates a PEM file of what is trusted beside Java's own, or null
 */
public record Registries(@Nullable Path caCertificates) {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String EXAMPLE = "give one such as registry.example/team/image:tag";

    /**
     * Fetches the image for this machine.
     *
     * @param reference such as {@code registry.example/team/image:tag}
     * @param folder for its layers; it stays as long as the image is read
     */
    public OciImage open(String reference, Path folder, Progress progress) throws IOException {
        ContainerRef ref =
                parse(reference, ", and there is no such file", "banger image import REGISTRY/IMAGE:TAG, or ./FILE");
        try {
            Registry registry = registry(ref);
            var found = registry.getDescriptor(ref);
            String digest = found.getDigest();
            RemoteBlobs blobs = new RemoteBlobs(registry, ref, reference, folder, progress);
            progress.stage("fetch", "fetching " + reference);
            return new ImageReader(blobs, reference).read(blobs.manifest(digest));
        } catch (OrasException e) {
            throw failed(e, reference, "fetching");
        }
    }

    /** A place for an image of banger's own. */
    public ArtifactTarget target(String reference) {
        ContainerRef ref = parse(reference, "", EXAMPLE);
        return new ArtifactTarget(registry(ref), ref, reference);
    }

    /**
     * An image of banger's own for this machine.
     *
     * @param folder for its chunks
     */
    public ArtifactSource source(String reference, Path folder, Progress progress) throws IOException {
        ContainerRef ref = parse(reference, "", EXAMPLE);
        try {
            Registry registry = registry(ref);
            String digest = registry.getDescriptor(ref).getDigest();
            RemoteBlobs blobs = new RemoteBlobs(registry, ref, reference, folder, new Untold(progress));
            return ArtifactSource.open(blobs, reference, folder, digest);
        } catch (OrasException e) {
            throw failed(e, reference, "fetching");
        }
    }

    /** Chunks are too many to tell of each. */
    private record Untold(Progress progress) implements Progress {
        @Override
        public void stage(String name, String text) {}

        @Override
        public void progress(long done, @Nullable Long total, String unit) {}

        @Override
        public boolean cancelled() {
            return progress.cancelled();
        }
    }

    /** @param also what else is said of it @param next what to try */
    private static ContainerRef parse(String reference, String also, String next) {
        if (reference.contains("://")) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + reference
                            + "\" is no reference of an image: it begins with the registry's name, not with a scheme",
                    next);
        }
        try {
            ContainerRef ref = ContainerRef.parse(reference);
            if (ref.isUnqualified()) {
                throw new Problem(
                        Problem.Kind.INVALID_ARGUMENT, "\"" + reference + "\" names no registry" + also, next);
            }
            return ref;
        } catch (OrasException | IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.INVALID_ARGUMENT,
                    "\"" + reference + "\" is no reference of an image: " + e.getMessage(),
                    next,
                    e);
        }
    }

    Registry registry(ContainerRef ref) {
        String host = String.valueOf(ref.getRegistry()).replaceFirst(":[0-9]+$", "");
        boolean loopback = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
        var builder = Registry.builder().defaults().withInsecure(loopback);
        return (caCertificates == null ? builder : builder.withCaFile(caCertificates)).build();
    }

    /** @param doing such as "fetching" */
    static Problem failed(OrasException e, String reference, String doing) {
        Integer status = e.getStatusCode();
        String host = reference.split("/", 2)[0];
        if (status != null && (status == 401 || status == 403)) {
            return new Problem(
                    Problem.Kind.FAILED,
                    "the registry " + host + " does not let you at " + reference + ": it answered " + status,
                    "docker login " + host + ", or podman login " + host,
                    e);
        }
        if (status != null && status == 404) {
            return new Problem(Problem.Kind.NOT_FOUND, "the registry " + host + " has no " + reference, null, e);
        }
        return new Problem(
                Problem.Kind.FAILED,
                doing + " " + reference + " failed: " + (status == null || status <= 0 ? "" : "status " + status + ", ")
                        + why(e, host),
                e.getCause() instanceof SSLException ? "guest.ca_certificates in config.toml says whom to trust" : null,
                e);
    }

    private static String why(OrasException e, String host) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        // Java's client has no words for either.
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            Throwable first = cause;
            while (first.getCause() != null) {
                first = first.getCause();
            }
            boolean unknown = first instanceof UnresolvedAddressException;
            return unknown ? "there is no host " + host : "nothing answers at " + host;
        }
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return said.replaceFirst("[: ]+$", "");
    }

    private record RemoteBlobs(Registry registry, ContainerRef ref, String name, Path folder, Progress progress)
            implements Blobs {
        private static final int MAX_DOCUMENT_BYTES = 4 << 20;

        @Override
        public byte[] manifest(String digest) throws IOException {
            String what = name + "'s manifest " + digest;
            Digests.hex(digest, what);
            String json = registry.getDescriptor(ref.withDigest(digest)).getJson();
            return Digests.checked(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), digest, what);
        }

        @Override
        public byte[] configuration(String digest) throws IOException {
            String what = name + "'s configuration " + digest;
            Digests.hex(digest, what);
            try (InputStream in = registry.fetchBlob(ref.withDigest(digest))) {
                return Digests.checked(in.readNBytes(MAX_DOCUMENT_BYTES), digest, what);
            }
        }

        @Override
        public StoredLayer layer(String digest, long bytes) throws IOException {
            String what = name + "'s layer " + digest;
            String hex = Digests.hex(digest, what);
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
            try (InputStream in = registry.fetchBlob(ref.withDigest(digest));
                    OutputStream out = Files.newOutputStream(part)) {
                int read;
                while ((read = read(in, buffer, what, fetched, bytes)) >= 0) {
                    progress.checkCancelled();
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

        private static int read(InputStream in, byte[] buffer, String what, long fetched, long bytes) {
            try {
                return in.read(buffer);
            } catch (IOException e) {
                throw DiskFull.orFailed(
                        e, "fetching " + what + ", of which " + fetched + " of " + bytes + " bytes came,");
            }
        }
    }
}
