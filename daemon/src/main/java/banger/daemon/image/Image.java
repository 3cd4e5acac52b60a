package banger.daemon.image;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What VMs are made from: layers, a kernel and a work seed.
 *
 * @param layers lowest first, one to eight; none where it is unmanaged
 * @param kernel the id of a kernel bundle, such as {@code "debian-6.1.0-56-cloud-amd64"}; that of an unmanaged image is made of the user's files
 * @param userFiles what an unmanaged image stands on; null: it is managed, all its files are in the store
 * @param broken why it cannot be used, or null
 */
public record Image(
        UUID id,
        String name,
        List<Layer> layers,
        String kernel,
        WorkSeed seed,
        GuestProfile profile,
        Provenance provenance,
        @Nullable UserFiles userFiles,
        @Nullable String broken,
        Instant createdAt) {
    public static final int MAX_LAYERS = 8;

    public Image {
        layers = List.copyOf(layers);
    }

    /** A new managed image. */
    public static Image managed(
            String name,
            List<Layer> layers,
            String kernel,
            WorkSeed seed,
            GuestProfile profile,
            Provenance provenance) {
        return new Image(UUID.randomUUID(), name, layers, kernel, seed, profile, provenance, null, null, Instant.now());
    }

    public boolean isManaged() {
        return userFiles == null;
    }

    public String workSeed() {
        return seed.digest();
    }

    public List<String> readiness() {
        return profile.readiness();
    }

    public Image withKernel(String next) {
        return new Image(id, name, layers, next, seed, profile, provenance, userFiles, broken, createdAt);
    }

    public Image withSeed(WorkSeed next) {
        return new Image(id, name, layers, kernel, next, profile, provenance, userFiles, broken, createdAt);
    }

    /** The same with all its files in the store. */
    public Image promoted(List<Layer> ownLayers, String ownKernel, WorkSeed ownSeed, Provenance from) {
        return new Image(id, name, ownLayers, ownKernel, ownSeed, profile, from, null, broken, createdAt);
    }
}
