package banger.daemon.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A host repository as it is to be in a guest. */
interface Source {
    /** All of it, for a place that is empty. */
    Payload all();

    /**
     * What differs from an earlier preparation.
     *
     * @param kept what {@link #keep} left in that folder then
     * @param touched paths that the guest has changed since, to be put back as the host has them; null where it is known
     *     to have changed nothing
     */
    Payload since(Workspace previous, Path kept, @Nullable List<String> touched);

    /** Keeps in that folder what {@link #since} needs the next time. */
    void keep(Path folder) throws IOException;
}
