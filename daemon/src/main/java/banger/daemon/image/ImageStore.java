package banger.daemon.image;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps images across restarts. Safe for any number of threads; each call is one transaction. */
public interface ImageStore {
    /**
     * Inserts the image and returns what is stored. An older one of the same name gives way: it is deleted, or, where
     * VMs stand on its layers, stays as {@code NAME-} and the beginning of its id.
     */
    Image put(Image image);

    /** Replaces the record of the same id; its name stays. @throws banger.daemon.problem.Problem NOT_FOUND */
    Image update(Image image);

    /** Forgets it; no error where there is none. @throws banger.daemon.problem.Problem WRONG_STATE that names its VMs */
    void delete(UUID id);

    Optional<Image> find(UUID id);

    Optional<Image> findByName(String exactName);

    /** As {@code VmStore.resolve}. */
    Image resolve(String reference);

    /** All of them by name. A row that cannot be read comes as a broken image, with the reason. */
    List<Image> list();
}
