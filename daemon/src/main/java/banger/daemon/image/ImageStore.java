package banger.daemon.image;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Keeps images across restarts. Safe for any number of threads; each call is one transaction. */
public interface ImageStore {
    /**
     * Inserts the image and returns what is stored. An older one of the same name gives way: it is deleted, or, where
     * VMs stand on its layers, stays as {@code NAME-} and the beginning of its id.
     */
    Image put(Image image);

    /** Inserts the image and returns what is stored. @throws banger.daemon.problem.Problem ALREADY_EXISTS by its name */
    Image add(Image image);

    /**
     * Replaces the record by what is made of it as it is now; its id and name stay.
     *
     * @param change must be quick, and may throw, which changes nothing
     * @throws banger.daemon.problem.Problem NOT_FOUND
     */
    Image update(UUID id, UnaryOperator<Image> change);

    /** Forgets it; no error where there is none. @throws banger.daemon.problem.Problem WRONG_STATE that names its VMs */
    void delete(UUID id);

    Optional<Image> find(UUID id);

    Optional<Image> findByName(String exactName);

    /** As {@code VmStore.resolve}. */
    Image resolve(String reference);

    /** All of them by name. A row that cannot be read comes as a broken image, with the reason. */
    List<Image> list();
}
