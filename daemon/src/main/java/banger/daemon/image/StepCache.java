package banger.daemon.image;

import java.util.List;
import java.util.Optional;

/** Keeps the results of build steps across restarts. Safe for any number of threads; each call is one transaction. */
public interface StepCache {
    /** The step's layer, which is taken for used now. Whether its file is there is the caller's to check. */
    Optional<Layer> find(String key);

    void put(CachedStep step);

    /** Forgets every step that led to this layer. */
    void deleteLayer(String digest);

    List<CachedStep> list();
}
