package banger.daemon.oci;

import banger.daemon.operation.Progress;
import banger.daemon.problem.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param stallBound how long nothing may move before a registry is given up
 */
public record Registries(@Nullable Path caCertificates, Duration stallBound) {
    private static final Duration STALL_BOUND = Duration.ofSeconds(60);
    private static final String EXAMPLE = "give one such as registry.example/team/image:tag";

    /** Gives a registry up after a minute without a byte. */
    public Registries(@Nullable Path caCertificates) {
        this(caCertificates, STALL_BOUND);
    }

    /**
     * Fetches the image for this machine.
     *
     * @param reference such as {@code registry.example/team/image:tag}
     * @param folder for its layers; it stays as long as the image is read
     * @param mostBytes how much its layers may have as they are stored
     */
    public OciImage open(String reference, Path folder, long mostBytes, Progress progress) throws IOException {
        ContainerRef ref =
                parse(reference, ", and there is no such file", "banger image import REGISTRY/IMAGE:TAG, or ./FILE");
        try {
            Registry registry = registry(ref);
            RegistryCalls calls = calls(reference, progress);
            String digest = calls.run(() -> registry.getDescriptor(ref)).getDigest();
            var blobs = new RemoteBlobs(registry, ref, reference, folder, calls, mostBytes, progress);
            progress.stage("fetch", "fetching " + reference);
            return new ImageReader(blobs, reference).read(blobs.manifest(digest));
        } catch (OrasException e) {
            throw failed(e, reference, "fetching");
        }
    }

    /** Whether it may stand for an image of banger's own. @throws Problem INVALID_ARGUMENT where it cannot */
    public void check(String reference) {
        parse(reference, "", EXAMPLE);
    }

    /** A place for an image of banger's own. */
    public ArtifactTarget target(String reference, Progress progress) {
        ContainerRef ref = parse(reference, "", EXAMPLE);
        return new ArtifactTarget(registry(ref), ref, reference, calls(reference, progress));
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
            RegistryCalls calls = calls(reference, progress);
            String digest = calls.run(() -> registry.getDescriptor(ref)).getDigest();
            // What its chunks may have is checked with the configuration that names them.
            var blobs = new RemoteBlobs(registry, ref, reference, folder, calls, Long.MAX_VALUE, new Untold(progress));
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

    private RegistryCalls calls(String reference, Progress progress) {
        return new RegistryCalls(host(reference), stallBound, progress);
    }

    private static String host(String reference) {
        return reference.split("/", 2)[0];
    }

    /** @param doing such as "fetching" */
    static Problem failed(OrasException e, String reference, String doing) {
        Integer status = e.getStatusCode();
        String host = host(reference);
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
}
