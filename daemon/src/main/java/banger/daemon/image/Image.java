package banger.daemon.image;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What VMs are made from: layers, a kernel and a work seed.
 *
 * @param layers lowest first, one to eight
 * @param kernel the id of a kernel bundle, such as {@code "debian-6.1.0-56-cloud-amd64"}
 * @param workSeed the digest of the work seed's file: a SparseDigest, as the file is long and nearly empty
 * @param readiness conditions of the guest protocol's {@code ready}
 * @param recipe how it was made, for a person
 * @param broken why it cannot be used, or null
 */
public record Image(
        UUID id,
        String name,
        List<Layer> layers,
        String kernel,
        String workSeed,
        List<String> readiness,
        String recipe,
        @Nullable String broken,
        Instant createdAt) {
    public static final int MAX_LAYERS = 8;

    public Image {
        layers = List.copyOf(layers);
        readiness = List.copyOf(readiness);
    }
}
