package banger.daemon.oci;

import banger.daemon.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import land.oras.exception.OrasException;

/**
 * An image of banger's in a registry, and the chunks of it that have come. Each is checked against its digest before it
 * has its name; they stay until they are forgotten, however the pull ends.
 */
public final class ArtifactSource {
    private final Blobs blobs;
    private final String reference;
    private final Path folder;
    private final byte[] configuration;

    private ArtifactSource(Blobs blobs, String reference, Path folder, byte[] configuration) {
        this.blobs = blobs;
        this.reference = reference;
        this.folder = folder;
        this.configuration = configuration;
    }

    /** @throws Problem where the reference stands for something else, or for no image for this machine */
    static ArtifactSource open(Blobs blobs, String reference, Path folder, String digest) throws IOException {
        OciJson.Document manifest = new ImageReader(blobs, reference).manifest(blobs.manifest(digest));
        OciJson.Descriptor config = manifest.config();
        if (config == null || !ArtifactTarget.CONFIGURATION.equals(config.mediaType())) {
            throw new Problem(
                    Problem.Kind.FAILED,
                    reference + " is no image that banger image push has made",
                    "banger image import " + reference + ", if it is a container image");
        }
        byte[] json = blobs.configuration(config.digest() == null ? "" : config.digest());
        return new ArtifactSource(blobs, reference, folder, json);
    }

    /** The JSON that was given to {@link ArtifactTarget#finish}. */
    public byte[] configuration() {
        return configuration.clone();
    }

    /** @throws Problem where the architecture, as OCI names it, is not this machine's */
    public void checkArchitecture(String architecture) {
        new ImageReader(blobs, reference).checkArchitecture(new OciJson.Config(architecture, "linux", null, null));
    }

    /** The chunk's file, which is fetched where it has not come yet. */
    public Path fetch(String digest, long size) throws IOException {
        try {
            blobs.layer(digest, size);
            return file(digest);
        } catch (OrasException e) {
            throw Registries.failed(e, reference, "fetching");
        }
    }

    /** Removes the chunk's file. */
    public void forget(String digest) throws IOException {
        Files.deleteIfExists(file(digest));
    }

    private Path file(String digest) {
        return folder.resolve(Digests.hex(digest, reference + "'s chunk " + digest));
    }
}
